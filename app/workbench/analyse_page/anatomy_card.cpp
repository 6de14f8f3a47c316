#include "app/workbench/analyse_page/anatomy_card.h"

#include <QComboBox>

#include "app/workbench/analyse_page/analysis_data.h"
#include "app/workbench/parts/export_button.h"
#include "widgets/error_anatomy/anatomy_view.h"

namespace quantoscope {
namespace {

constexpr qsizetype kMostRuns = 4;

}  // namespace

AnatomyCard::AnatomyCard(Session& session, QWidget* parent)
    : Card(tr("Where the error comes from"), parent), session_(session) {
    view_ = new AnatomyView(this);
    view_->setObjectName(QStringLiteral("error_anatomy"));
    setBody(view_);
    scale_ = new QComboBox(this);
    scale_->setObjectName(QStringLiteral("anatomy_scale"));
    scale_->setAccessibleName(tr("Scale of the bars"));
    scale_->addItems({tr("shares"), tr("one scale")});
    scale_->setToolTip(tr("Shares: every bar is as long as the view. One scale: the runs' errors compare by length."));
    addHeaderWidget(scale_);
    addExportButton(
        *this, QStringLiteral("export_anatomy"), view_,
        [this] {
            const auto& runs = session_.selection().current().runs;
            return runs.isEmpty() ? ExportCaption() : runCaption(session_, runs.first());
        },
        [this](const Error& error) { emit session_.failed(error); });
    connect(scale_, &QComboBox::currentIndexChanged, this,
            [this](int index) { view_->setScale(index == 0 ? AnatomyScale::shares : AnatomyScale::absolute); });
}

void AnatomyCard::refresh() {
    const auto& selection = session_.selection().current();
    std::vector<AnatomyRow> rows;
    for (const auto& key : selection.runs) {
        const auto* run = session_.runs().find(key);
        const auto metrics = session_.layers().metrics(key);
        if (run == nullptr || run->isOriginal() || !metrics || !selection.hasLinear()) continue;
        const auto block = metrics->blocks.find(selection.block);
        if (block == metrics->blocks.end()) continue;
        const auto& values = block->second[static_cast<std::size_t>(*selection.linear)];
        if (!values.empty()) rows.push_back({runLabel(run->info), runColour(run->info, tokensOf(this)), values});
        if (static_cast<qsizetype>(rows.size()) == kMostRuns) break;
    }
    const QString name =
        selection.hasLinear() ? cellName({selection.block, static_cast<int>(*selection.linear)}) : QString();
    view_->setEmptyText(selection.hasLinear() ? tr("This linear is not quantized in the selected runs, or not yet")
                                              : tr("Click a cell of a map to see what its error is made of"));
    view_->setTitle(tr("Where the error comes from, %1").arg(name));
    view_->setRows(std::move(rows));
    setDetail(name);
}

}  // namespace quantoscope
