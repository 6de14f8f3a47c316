// The Export button in a card's title row.
#pragma once

#include <functional>

#include "core/base/result.h"
#include "widgets/export_view/export_view.h"

class QToolButton;

namespace quantoscope {

class Card;

/// `view` lives as long as the card; `name` is the button's object name.
QToolButton* addExportButton(Card& card, const QString& name, const ExportableView* view,
                             const std::function<ExportCaption()>& caption,
                             const std::function<void(const Error&)>& failed);

/// Opens the menu of the Export button nearest to the keyboard's focus on a page: of its own card, else the first to be
/// seen. False where nothing can be exported.
bool openExportMenu(QWidget& page);

}  // namespace quantoscope
