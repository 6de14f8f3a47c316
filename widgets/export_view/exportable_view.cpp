#include "widgets/export_view/exportable_view.h"

namespace quantoscope {
namespace {

QString csvCell(const QString& text) {
    const bool needs_quotes = text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')) ||
                              text.contains(QLatin1Char('\n')) || text.contains(QLatin1Char('\r'));
    if (!needs_quotes) return text;
    QString quoted = text;
    quoted.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + quoted + QLatin1Char('"');
}

QString csvLine(const QStringList& cells) {
    QStringList written;
    for (const QString& cell : cells) written << csvCell(cell);
    return written.join(QLatin1Char(',')) + QLatin1Char('\n');
}

}  // namespace

QString csvFromTable(const ViewTable& table) {
    QString text = csvLine(table.header);
    for (const QStringList& row : table.rows) text += csvLine(row);
    return text;
}

QString ExportableView::csvText() const {
    return csvFromTable(viewTable());
}

}  // namespace quantoscope
