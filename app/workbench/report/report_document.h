// A report as a value, and as a file: one HTML page that needs nothing else, or a PDF with vector pictures.
#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

#include "core/base/result.h"
#include "widgets/export_view/exportable_view.h"

namespace quantoscope {

struct ReportFigure {
    QString caption;
    QByteArray svg;
};
struct ReportSection {
    QString heading;
    QString text;  ///< plain; empty: none
    ViewTable table;
    std::vector<ReportFigure> figures;
    QString code;  ///< set in fixed width; empty: none
};
struct Report {
    QString title;
    QString subtitle;
    std::vector<ReportSection> sections;
};

QString reportHtml(const Report& report);
/// PDF when the name ends so, else HTML. Whole or not at all.
Status writeReport(const Report& report, const QString& path);

}  // namespace quantoscope
