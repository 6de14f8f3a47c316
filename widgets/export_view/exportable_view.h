// What a view offers so that it can be exported and shown as a table: drawing anywhere, and exactly what it shows as
// rows.
#pragma once

#include <QRectF>
#include <QSizeF>
#include <QString>
#include <QStringList>
#include <vector>

class QPainter;

namespace quantoscope {

struct ViewTable {
    QStringList header;
    std::vector<QStringList> rows;  ///< cells as exactText writes numbers
};

class ExportableView {
public:
    virtual ~ExportableView() = default;
    /// Draws the view as it is now into `area`, with the colours of its palette.
    virtual void paintView(QPainter& painter, const QRectF& area) const = 0;
    virtual ViewTable viewTable() const = 0;
    /// Names the view in files and dialogs: "Output error (relative), AWQ w3 g128".
    virtual QString viewTitle() const = 0;
    virtual QSizeF viewSize() const = 0;
    QString csvText() const;
};

/// RFC 4180, lines end in \n.
QString csvFromTable(const ViewTable& table);

}  // namespace quantoscope
