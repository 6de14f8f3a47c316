#include "app/workbench/evaluate_page/export_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/workbench/parts/file_dialogs.h"
#include "core/pipeline/recipe.h"
#include "widgets/option_form/option_form.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

Result<ExportSource> exportSource(const RunKey& run, const ConfigurationInfo& info) {
    QS_ASSIGN(const auto folder, RunFolder::openForReading(run.folder.toStdString()));
    QS_ASSIGN(const auto recipe_text, folder->recipeText());
    QS_ASSIGN(const auto recipe, parseRecipe(recipe_text));
    ExportSource source;
    QS_ASSIGN(source.model, ModelFiles::open(recipe.model));
    source.weight_dtype = recipe.weight_dtype;
    source.method_options = info.options;
    source.method_id = info.method;
    QS_ASSIGN(source.layer_bits, parseLayerBits(info.layer_bits));
    source.block = [folder, id = info.id](std::int64_t block) { return folder->codes(id, block); };
    return source;
}

}  // namespace

std::map<std::string, QString> exportReasons(const RunKey& run, const ConfigurationInfo& info) {
    std::map<std::string, QString> reasons;
    const auto source = exportSource(run, info);
    for (const auto& format : exportFormats()) {
        const Status status = source ? format.check(*source) : Status(std::unexpected(source.error()));
        reasons[format.id] = status ? QString() : QString::fromStdString(status.error().message);
    }
    return reasons;
}

QStringList exportArguments(const RunKey& run, const std::string& format, const QString& folder,
                            const OptionValues& options) {
    QStringList arguments{QStringLiteral("export"),          run.folder,
                          QStringLiteral("--configuration"), run.configuration,
                          QStringLiteral("--format"),        QString::fromStdString(format),
                          QStringLiteral("--output"),        folder};
    for (const auto& [id, value] : options) {
        QString flag = QString::fromStdString(id);
        flag.replace(QLatin1Char('_'), QLatin1Char('-'));
        arguments << QStringLiteral("--%1=%2").arg(flag, QString::fromStdString(optionText(value)));
    }
    return arguments;
}

ExportDialog::ExportDialog(Session& session, const RunKey& run, QWidget* parent)
    : QDialog(parent), session_(session), run_(run) {
    setObjectName(QStringLiteral("export_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export checkpoint of %1").arg(run.configuration));
    auto* layout = new QVBoxLayout(this);
    formats_ = new QComboBox(this);
    formats_->setObjectName(QStringLiteral("export_format"));
    formats_->setAccessibleName(tr("Format"));
    for (const auto& each : exportFormats())
        formats_->addItem(QString::fromStdString(each.label), QString::fromStdString(each.id));
    summary_ = new QLabel(this);
    summary_->setProperty("role", QStringLiteral("muted"));
    reason_ = new QLabel(tr("checking…"), this);
    reason_->setObjectName(QStringLiteral("export_reason"));
    for (auto* label : {summary_, reason_}) label->setWordWrap(true);
    form_ = new OptionForm(this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    start_ = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
    start_->setObjectName(QStringLiteral("start_export"));
    start_->setProperty("primary", true);
    restyle(start_);  // the button box has styled it already
    for (QWidget* part : {static_cast<QWidget*>(formats_), static_cast<QWidget*>(summary_),
                          static_cast<QWidget*>(reason_), static_cast<QWidget*>(form_), buildFolderRow()})
        layout->addWidget(part);
    layout->addStretch(1);
    layout->addWidget(buttons);
    connect(formats_, &QComboBox::currentIndexChanged, this, &ExportDialog::showFormat);
    connect(formats_, &QComboBox::activated, this, [this] { format_chosen_ = true; });
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    if (const auto* entry = session_.runs().find(run_))
        task_.start([run, info = entry->info](const std::stop_token&) { return exportReasons(run, info); },
                    [this](const std::map<std::string, QString>& reasons) { takeReasons(reasons); });
    showFormat();
    resize(480, 360);
}

QWidget* ExportDialog::buildFolderRow() {
    auto* part = new QWidget(this);
    auto* row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    folder_ = new QLineEdit(part);
    folder_->setObjectName(QStringLiteral("export_folder"));
    folder_->setAccessibleName(tr("Output folder"));
    auto* choose = new QPushButton(tr("Choose…"), part);
    choose->setObjectName(QStringLiteral("choose_export_folder"));
    row->addWidget(folder_, 1);
    row->addWidget(choose);
    connect(folder_, &QLineEdit::textEdited, this, [this] {
        folder_edited_ = true;
        refreshButton();
    });
    connect(choose, &QPushButton::clicked, this, [this] {
        askForFolder(this, tr("Folder to write into"), [this](const QString& path) {
            folder_edited_ = true;
            folder_->setText(path);
            refreshButton();
        });
    });
    return part;
}

const FormatDescription* ExportDialog::format() const {
    const auto found = findExportFormat(formats_->currentData().toString().toStdString());
    return found ? *found : nullptr;
}

void ExportDialog::takeReasons(const std::map<std::string, QString>& reasons) {
    reasons_ = reasons;
    int possible = -1;
    for (int i = formats_->count() - 1; i >= 0; --i) {
        const QString& reason = reasons_[formats_->itemData(i).toString().toStdString()];
        formats_->setItemData(i, reason, Qt::ToolTipRole);
        formats_->setItemData(i, reason.isEmpty() ? QVariant() : tokensOf(this).muted, Qt::ForegroundRole);
        if (reason.isEmpty()) possible = i;
    }
    if (!format_chosen_ && possible >= 0) formats_->setCurrentIndex(possible);
    showFormat();
}

void ExportDialog::showFormat() {
    const auto* shown = format();
    if (shown == nullptr) return;
    summary_->setText(QString::fromStdString(shown->summary));
    form_->setOptions(shown->options, {});
    if (!folder_edited_)
        folder_->setText(
            QDir(run_.folder)
                .filePath(QStringLiteral("exports/%1-%2").arg(run_.configuration, QString::fromStdString(shown->id))));
    refreshButton();
}

void ExportDialog::refreshButton() {
    const auto* shown = format();
    const auto found = shown != nullptr ? reasons_.find(shown->id) : reasons_.end();
    const bool known = found != reasons_.end();
    if (known) reason_->setText(found->second);
    reason_->setVisible(!known || !found->second.isEmpty());
    start_->setEnabled(known && found->second.isEmpty() && !folder_->text().trimmed().isEmpty());
}

void ExportDialog::start() {
    const auto* shown = format();
    if (shown == nullptr) return;
    JobRequest request;
    request.title = tr("Export %1 as %2").arg(run_.configuration, QString::fromStdString(shown->label));
    request.run_folder = run_.folder;
    request.arguments = exportArguments(run_, shown->id, folder_->text().trimmed(), form_->changedValues());
    session_.jobs().add(request);
    accept();
}

}  // namespace quantoscope
