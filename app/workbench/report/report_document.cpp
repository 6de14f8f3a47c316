#include "app/workbench/report/report_document.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgRenderer>
#include <QTextCursor>
#include <QTextDocument>
#include <algorithm>

namespace quantoscope {
namespace {

constexpr int kSvgObject = QTextFormat::UserObject + 1;
constexpr int kSvgData = QTextFormat::UserProperty + 1;

const char* const kStyle = R"(
body { font: 14px/1.5 Inter, "Segoe UI", Helvetica, Arial, sans-serif; color: #1b2430; background: #fff; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2.2rem; border-bottom: 1px solid #d7dde5; padding-bottom: .3rem; }
p.subtitle { color: #566376; margin-top: .2rem; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #e6eaf0; text-align: right; } th:first-child, td:first-child { text-align: left; } td { vertical-align: top; } td:last-child:nth-child(2) { text-align: left; }
th { color: #566376; font-weight: 600; } figure { margin: 1rem 0; } figure img { max-width: 100%; } figcaption { color: #566376; font-size: .85rem; }
pre { background: #f4f6f9; padding: .8rem; overflow-x: auto; font-size: .8rem; }
@media print { body { margin: 0; } figure, tr { break-inside: avoid; } }
)";

QString escaped(const QString& text) {
    return text.toHtmlEscaped();
}

QString tableHtml(const ViewTable& table) {
    if (table.header.isEmpty()) return {};
    const auto row = [](const QStringList& cells, const char* tag) {
        QString html = QStringLiteral("<tr>");
        for (const auto& cell : cells)
            html += QStringLiteral("<%1>%2</%1>")
                        .arg(QLatin1String(tag), escaped(cell).replace(QLatin1Char('\n'), QStringLiteral("<br>")));
        return html + QStringLiteral("</tr>\n");
    };
    QString html = QStringLiteral("<table>\n") + row(table.header, "th");
    for (const auto& cells : table.rows) html += row(cells, "td");
    return html + QStringLiteral("</table>\n");
}

QString headHtml(const ReportSection& section) {
    QString html = QStringLiteral("<h2>%1</h2>\n").arg(escaped(section.heading));
    if (!section.text.isEmpty()) html += QStringLiteral("<p>%1</p>\n").arg(escaped(section.text));
    return html + tableHtml(section.table);
}

QString codeHtml(const ReportSection& section) {
    return section.code.isEmpty() ? QString() : QStringLiteral("<pre>%1</pre>\n").arg(escaped(section.code));
}

/// Draws the SVG pictures of a text document: they stay vectors in a PDF.
class SvgObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    using QObject::QObject;
    QSizeF intrinsicSize(QTextDocument* document, int /*position*/, const QTextFormat& format) override {
        const QSizeF size = QSvgRenderer(format.property(kSvgData).toByteArray()).defaultSize();
        const double room = document->pageSize().width() - 2 * document->documentMargin();
        return size.width() <= room ? size : size * (room / size.width());
    }
    void drawObject(QPainter* painter, const QRectF& area, QTextDocument* /*document*/, int /*position*/,
                    const QTextFormat& format) override {
        QSvgRenderer(format.property(kSvgData).toByteArray()).render(painter, area);
    }
};

void insertFigure(QTextCursor& cursor, const ReportFigure& figure) {
    cursor.insertBlock();
    QTextCharFormat format;
    format.setObjectType(kSvgObject);
    format.setProperty(kSvgData, figure.svg);
    cursor.insertText(QString(QChar::ObjectReplacementCharacter), format);
    cursor.insertBlock();
    cursor.insertHtml(QStringLiteral("<small>%1</small>").arg(escaped(figure.caption)));
}

QByteArray pdfBytes(const Report& report) {
    constexpr int kDotsPerInch = 96;  // pictures are vectors: only positions are rounded
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(12, 12, 12, 14), QPageLayout::Millimeter);
    writer.setResolution(kDotsPerInch);
    writer.setTitle(report.title);
    QTextDocument document;
    document.setDefaultStyleSheet(
        QStringLiteral("h1 { font-size: 20px; } h2 { font-size: 15px; } small { color: #566376; } "
                       "th, td { padding: 2px 8px; } pre { font-size: 9px; }"));
    document.setPageSize(QSizeF(writer.width(), writer.height()));
    document.documentLayout()->registerHandler(kSvgObject, new SvgObject(&document));
    QTextCursor cursor(&document);
    cursor.insertHtml(QStringLiteral("<h1>%1</h1><p>%2</p>").arg(escaped(report.title), escaped(report.subtitle)));
    for (const auto& section : report.sections) {
        cursor.insertBlock();
        cursor.insertHtml(headHtml(section));
        for (const auto& figure : section.figures) insertFigure(cursor, figure);
        cursor.insertHtml(codeHtml(section));
    }
    document.print(&writer);
    return buffer.data();
}

}  // namespace

QString reportHtml(const Report& report) {
    QString html = QStringLiteral(
                       "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%1</title>"
                       "<style>%2</style></head><body>\n<h1>%1</h1>\n<p class=\"subtitle\">%3</p>\n")
                       .arg(escaped(report.title), QLatin1String(kStyle), escaped(report.subtitle));
    for (const auto& section : report.sections) {
        html += headHtml(section);
        for (const auto& figure : section.figures)
            html += QStringLiteral(
                        "<figure><img alt=\"%1\" src=\"data:image/svg+xml;base64,%2\">"
                        "<figcaption>%1</figcaption></figure>\n")
                        .arg(escaped(figure.caption), QString::fromLatin1(figure.svg.toBase64()));
        html += codeHtml(section);
    }
    return html + QStringLiteral("</body></html>\n");
}

Status writeReport(const Report& report, const QString& path) {
    const bool pdf = path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive);
    const QByteArray bytes = pdf ? pdfBytes(report) : reportHtml(report).toUtf8();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return failure(
            "Cannot write the report to " + path.toStdString() + "; choose another folder or free some space.",
            path.toStdString(), file.errorString().toStdString());
    return {};
}

}  // namespace quantoscope

#include "report_document.moc"
