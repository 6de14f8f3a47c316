#include "app/workbench/frame/locate_items.h"

#include <QCoreApplication>

#include "app/workbench/settings/setting_rows.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("Locate", source);
}

QString plainText(const QAction& action) {
    QString plain = action.text();
    plain.remove(QLatin1Char('&'));
    return plain;
}

void addLayers(std::vector<LocateItem>& items, const ModelConfig& config) {
    for (int block = 0; block < config.block_count; ++block) {
        for (const auto role : kLinearRoles) {
            LocateItem item;
            item.id = QStringLiteral("layer:%1:%2").arg(block).arg(static_cast<int>(role));
            item.text =
                QStringLiteral("layers.%1.%2")
                    .arg(block)
                    .arg(QLatin1String(linearName(role).data(), static_cast<qsizetype>(linearName(role).size())));
            item.group = text("Layer");
            item.aliases = QStringLiteral("l%1.%2").arg(block).arg(
                QLatin1String(linearShortName(role).data(), static_cast<qsizetype>(linearShortName(role).size())));
            items.push_back(item);
        }
    }
}

}  // namespace

std::vector<LocateItem> locateItems(Session& session, const QList<QAction*>& actions) {
    std::vector<LocateItem> items;
    for (const auto* action : actions)
        if (action->isEnabled())
            items.push_back({QStringLiteral("action:") + action->objectName(),
                             plainText(*action),
                             text("Action"),
                             action->shortcut().toString(QKeySequence::NativeText),
                             {}});
    for (const auto& folder : session.runs().folders())
        for (const auto& run : folder.runs)
            items.push_back({QStringLiteral("run:") + run.key.text(),
                             runLabel(run.info) + QStringLiteral("  ") + folder.name,
                             text("Run"),
                             {},
                             run.key.configuration});
    for (const auto& model : session.models().models())
        items.push_back({QStringLiteral("model:") + model->path, model->name, text("Model"), {}, {}});
    for (const auto& cached : session.hubCache().models())
        if (cached.problem.empty())
            items.push_back({QStringLiteral("cached:") + QString::fromStdString(cached.path.string()),
                             QString::fromStdString(cached.id),
                             text("Hub cache"),
                             {},
                             {}});
    for (const auto& benchmark : pipelineCatalogue().benchmarks)
        items.push_back({QStringLiteral("benchmark:") + QString::fromStdString(benchmark.id),
                         benchmark.label,
                         text("Benchmark"),
                         {},
                         {}});
    for (const auto& row : settingRows())
        items.push_back({QStringLiteral("setting:") + row.id, row.label, text("Setting"), {}, row.help});
    if (const auto model = session.models().current(); model && model->config) addLayers(items, *model->config);
    return items;
}

QString chooseLocated(Session& session, const QList<QAction*>& actions, const QString& id) {
    const QString kind = id.section(QLatin1Char(':'), 0, 0);
    const QString rest = id.section(QLatin1Char(':'), 1);
    if (kind == QLatin1String("action")) {
        for (auto* action : actions)
            if (action->objectName() == rest) action->trigger();
        return {};
    }
    if (kind == QLatin1String("model")) {
        session.models().setCurrent(rest);
        return QStringLiteral("model");
    }
    if (kind == QLatin1String("cached")) {
        session.openPath(rest);
        return QStringLiteral("model");
    }
    if (kind == QLatin1String("run")) {
        session.selection().selectRuns({RunKey::fromText(rest)});
        return QStringLiteral("analyse");
    }
    if (kind == QLatin1String("benchmark")) return QStringLiteral("evaluate");
    session.selection().selectLinear(rest.section(QLatin1Char(':'), 0, 0).toInt(),
                                     static_cast<LinearRole>(rest.section(QLatin1Char(':'), 1, 1).toInt()));
    return session.selection().current().runs.isEmpty() ? QStringLiteral("model") : QStringLiteral("analyse");
}

}  // namespace quantoscope
