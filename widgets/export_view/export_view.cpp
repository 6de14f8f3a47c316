#include "widgets/export_view/export_view.h"

#include <QBuffer>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QImage>
#include <QMenu>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include "widgets/export_view/show_as_table.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kMargin = 14.0;
constexpr double kTitleHeight = 24.0;
constexpr double kCaptionHeight = 22.0;
constexpr double kPngScale = 2.0;
constexpr int kPdfDotsPerInch = 1200;  // fine enough that glyph positions are not rounded visibly
constexpr double kScreenDotsPerInch = 96.0;

QSizeF pageSize(const ExportableView& view) {
    const QSizeF size = view.viewSize();
    return {size.width() + 2 * kMargin, size.height() + 2 * kMargin + kTitleHeight + kCaptionHeight};
}

void paintPage(QPainter& painter, const ExportableView& view, const ExportCaption& caption, const Tokens& tokens) {
    const QSizeF page = pageSize(view);
    const double width = view.viewSize().width();
    painter.fillRect(QRectF({0, 0}, page), tokens.panel);
    painter.setPen(tokens.text);
    painter.setFont(titleFont());
    painter.drawText(QRectF(kMargin, kMargin - 4, width, kTitleHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     view.viewTitle());
    painter.setPen(tokens.muted);
    painter.setFont(smallFont());
    painter.drawText(QRectF(kMargin, page.height() - kMargin - kCaptionHeight + 6, width, kCaptionHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, captionLine(caption));
    painter.save();
    view.paintView(painter, QRectF({kMargin, kMargin + kTitleHeight}, view.viewSize()));
    painter.restore();
}

QByteArray svgOf(const QSizeF& size, const QString& title, const QString& description,
                 const std::function<void(QPainter&)>& paint) {
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF({0, 0}, size));
    generator.setResolution(static_cast<int>(kScreenDotsPerInch));
    generator.setTitle(title);
    generator.setDescription(description);
    QPainter painter(&generator);
    paint(painter);
    painter.end();
    return buffer.data();
}

QByteArray svgBytes(const ExportableView& view, const ExportCaption& caption, const Tokens& tokens) {
    return svgOf(pageSize(view), view.viewTitle(), captionLine(caption),
                 [&](QPainter& painter) { paintPage(painter, view, caption, tokens); });
}

QByteArray pdfBytes(const ExportableView& view, const ExportCaption& caption, const Tokens& tokens) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(pageSize(view) * (72.0 / kScreenDotsPerInch), QPageSize::Point));
    writer.setPageMargins({});
    writer.setResolution(kPdfDotsPerInch);
    writer.setTitle(view.viewTitle());
    QPainter painter(&writer);
    painter.scale(kPdfDotsPerInch / kScreenDotsPerInch, kPdfDotsPerInch / kScreenDotsPerInch);
    paintPage(painter, view, caption, tokens);
    painter.end();
    return buffer.data();
}

QByteArray pngBytes(const ExportableView& view, const ExportCaption& caption, const Tokens& tokens) {
    QImage image((pageSize(view) * kPngScale).toSize(), QImage::Format_RGB32);
    if (image.isNull()) return {};
    image.setDevicePixelRatio(kPngScale);
    image.setText(QStringLiteral("Description"), captionLine(caption));
    QPainter painter(&image);
    paintPage(painter, view, caption, tokens);
    painter.end();
    QBuffer buffer;
    image.save(&buffer, "PNG");
    return buffer.data();
}

QByteArray contents(const ExportableView& view, ExportFormat format, const ExportCaption& caption,
                    const Tokens& tokens) {
    switch (format) {
        case ExportFormat::svg:
            return svgBytes(view, caption, tokens);
        case ExportFormat::pdf:
            return pdfBytes(view, caption, tokens);
        case ExportFormat::png:
            return pngBytes(view, caption, tokens);
        case ExportFormat::csv:
            break;
    }
    const QString line = captionLine(caption);
    return ((line.isEmpty() ? QString() : QStringLiteral("# ") + line + QLatin1Char('\n')) + view.csvText()).toUtf8();
}

QString fileName(const QString& title) {
    QString name = title.simplified().toLower();
    for (QChar& letter : name)
        if (!letter.isLetterOrNumber() && letter != QLatin1Char('.')) letter = QLatin1Char('-');
    return name.left(80);
}

struct MenuEntry {
    const char* text;
    const char* filter;
    ExportFormat format;
};

/// Does not block: what runs in the window goes on while somebody looks for a folder.
void askWhere(QWidget* parent, const QString& title, const MenuEntry& entry,
              const std::function<void(const QString&)>& take) {
    auto* dialog = new QFileDialog(parent, QStringLiteral("Export view"), QString(), QString::fromLatin1(entry.filter));
    dialog->setObjectName(QStringLiteral("save_file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(exportSuffix(entry.format));
    dialog->selectFile(fileName(title) + QLatin1Char('.') + exportSuffix(entry.format));
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog, take);
    dialog->open();
}

}  // namespace

QString captionLine(const ExportCaption& caption) {
    QStringList parts;
    if (!caption.model.isEmpty()) parts << caption.model;
    if (!caption.recipe.isEmpty()) parts << caption.recipe;
    if (!caption.run_hash.isEmpty()) parts << QStringLiteral("run ") + caption.run_hash;
    return parts.join(QStringLiteral(" · "));
}

QString exportSuffix(ExportFormat format) {
    switch (format) {
        case ExportFormat::svg:
            return QStringLiteral("svg");
        case ExportFormat::pdf:
            return QStringLiteral("pdf");
        case ExportFormat::png:
            return QStringLiteral("png");
        case ExportFormat::csv:
            break;
    }
    return QStringLiteral("csv");
}

Status exportView(const ExportableView& view, ExportFormat format, const QString& path, const ExportCaption& caption,
                  const Tokens& tokens) {
    const QByteArray bytes = contents(view, format, caption, tokens);
    const std::string where = path.toStdString();
    if (bytes.isEmpty())
        return failure("The view is too large to draw as a picture; make it smaller and export again.", where);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return failure("Cannot write " + where + "; choose another folder or free some space.", where,
                       file.errorString().toStdString());
    return {};
}

QByteArray svgPicture(const ExportableView& view) {
    return svgOf(view.viewSize(), view.viewTitle(), {},
                 [&](QPainter& painter) { view.paintView(painter, QRectF({0, 0}, view.viewSize())); });
}

QMenu* exportMenu(QWidget* parent, const ExportableView* view, const std::function<ExportCaption()>& caption,
                  const std::function<void(const Error&)>& failed) {
    auto* menu = new QMenu(QStringLiteral("Export"), parent);
    menu->setObjectName(QStringLiteral("exportMenu"));
    constexpr MenuEntry kEntries[] = {{"SVG…", "SVG (*.svg)", ExportFormat::svg},
                                      {"PDF…", "PDF (*.pdf)", ExportFormat::pdf},
                                      {"PNG at 2×…", "PNG (*.png)", ExportFormat::png},
                                      {"CSV…", "CSV (*.csv)", ExportFormat::csv}};
    for (const MenuEntry& entry : kEntries) {
        const auto write = [=](const QString& path) {
            const Status written = exportView(*view, entry.format, path, caption(), tokensOf(parent));
            if (!written && failed) failed(written.error());
        };
        QObject::connect(menu->addAction(QString::fromUtf8(entry.text)), &QAction::triggered, menu,
                         [=] { askWhere(parent, view->viewTitle(), entry, write); });
    }
    menu->addSeparator();
    QObject::connect(menu->addAction(QStringLiteral("Copy as CSV")), &QAction::triggered, menu,
                     [view] { QGuiApplication::clipboard()->setText(view->csvText()); });
    QObject::connect(menu->addAction(QStringLiteral("Show as table")), &QAction::triggered, menu,
                     [parent, view] { showAsTable(parent, *view); });
    return menu;
}

}  // namespace quantoscope
