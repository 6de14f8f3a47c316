// Writes a view as SVG, PDF, PNG (twice the size) or CSV, with a caption line naming model, recipe and run.
#pragma once

#include <QByteArray>
#include <QString>
#include <functional>

#include "core/base/result.h"
#include "widgets/export_view/exportable_view.h"
#include "widgets/theme/tokens.h"

class QMenu;
class QWidget;

namespace quantoscope {

enum class ExportFormat { svg, pdf, png, csv };

struct ExportCaption {
    QString model;
    QString recipe;
    QString run_hash;
};

/// "Llama-3-8B · gptq-w4-g64 · run 3f2a91" with empty parts left out.
QString captionLine(const ExportCaption& caption);
QString exportSuffix(ExportFormat format);  ///< "svg"
/// Writes the file whole or not at all. CSV holds the caption in a first line that starts with "# ".
Status exportView(const ExportableView& view, ExportFormat format, const QString& path, const ExportCaption& caption,
                  const Tokens& tokens);

/// The view alone as an SVG picture, for documents that hold it.
QByteArray svgPicture(const ExportableView& view);

/// "Export" entries (SVG, PDF, PNG at 2×, CSV, Copy as CSV, Show as table) for a view; asks for the path itself. `view`
/// must outlive the menu; `caption` is asked at the moment of export. Errors appear through `failed`.
QMenu* exportMenu(QWidget* parent, const ExportableView* view, const std::function<ExportCaption()>& caption,
                  const std::function<void(const Error&)>& failed);

}  // namespace quantoscope
