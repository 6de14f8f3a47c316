#include "app/workbench/session/run_entry.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <array>
#include <cmath>

#include "app/workbench/session/model_list.h"
#include "core/methods/method.h"
#include "core/pipeline/events.h"
#include "core/run_store/writer_watch.h"
#include "widgets/theme/colour_map.h"

namespace quantoscope {
namespace {

/// None of them a method's. Which one a checkpoint has depends on its name alone, so it is the same in every view and
/// session.
constexpr std::array kCheckpointHues{"#8d5fd3", "#c2557f", "#b3702d", "#5b8c2a", "#3f8fa8", "#b04a3f"};
constexpr std::array kCheckpointShades{4, 2, 8};  // whatever the checkpoint's width turns out to be

const MethodDescription* methodOf(const ConfigurationInfo& info) {
    const auto found = findMethod(info.method);
    return found ? *found : nullptr;
}

/// What the id says besides method, bits and group size ("-desc_act-false" → "desc_act-false").
QString idSuffix(const ConfigurationInfo& info) {
    const auto parts = QString::fromStdString(info.id).split(QLatin1Char('-'));
    return parts.size() > 3 ? parts.mid(3).join(QLatin1Char(' ')) : QString();
}

QString folderName(const RunFolderEntry& entry) {
    if (!entry.notes.name.empty()) return QString::fromStdString(entry.notes.name);
    return QFileInfo(entry.folder).fileName();
}

/// Did the last worker get as far as saying how it ended? A folder without events is judged by its configurations
/// alone.
bool saidHowItEnded(const QString& folder) {
    constexpr qint64 kTailBytes = 16384;  // longer than any event
    QFile file(folder + QStringLiteral("/events.jsonl"));
    if (!file.open(QIODevice::ReadOnly) || file.size() == 0) return true;
    file.seek(std::max<qint64>(0, file.size() - kTailBytes));
    const auto line = file.readAll().trimmed().split('\n').last();
    const auto event = parseEvent(line.toStdString());
    return event && event->kind == EventKind::finished;
}

void judgeInterruption(RunFolderEntry& entry) {
    if (entry.writer_lives) return;
    for (auto& run : entry.runs) {
        run.interrupted = run.info.state == "running";
        entry.interrupted = entry.interrupted || run.interrupted;
    }
    entry.interrupted = entry.interrupted || !saidHowItEnded(entry.folder);
}

/// A number that is not known equals itself.
bool isSameNumber(double one, double other) {
    return one == other || (std::isnan(one) && std::isnan(other));
}

bool isSameScore(const Score& one, const Score& other) {
    return one.benchmark == other.benchmark && one.metric == other.metric && isSameNumber(one.value, other.value) &&
           one.protocol == other.protocol && isSameNumber(one.standard_error, other.standard_error) &&
           one.window_nll == other.window_nll && one.items == other.items;
}

bool isSameRun(const RunEntry& one, const RunEntry& other) {
    return one.key == other.key && one.info == other.info && one.interrupted == other.interrupted &&
           one.study_model == other.study_model && std::ranges::equal(one.scores, other.scores, isSameScore);
}

}  // namespace

QString runStateText(const RunEntry& run) {
    return run.interrupted ? QCoreApplication::translate("RunEntry", "interrupted: can be resumed")
                           : QString::fromStdString(run.info.state);
}

int runBits(const ConfigurationInfo& info) {
    const auto bits = info.options.find("bits");
    if (bits == info.options.end() || !std::holds_alternative<std::int64_t>(bits->second)) return -1;
    return static_cast<int>(std::get<std::int64_t>(bits->second));
}

QString runLabel(const ConfigurationInfo& info) {
    if (info.method.empty()) return QStringLiteral("Original");
    if (!info.checkpoint.empty()) return modelName(QString::fromStdString(info.checkpoint));
    const auto* method = methodOf(info);
    const QString label = QString::fromStdString(method != nullptr ? method->label : info.method);
    const QString width = runBits(info) > 0 ? QStringLiteral(" w%1").arg(runBits(info)) : QString();
    return label + width + variantLabel(info);
}

QString variantLabel(const ConfigurationInfo& info) {
    QString label;
    const auto group = info.options.find("group_size");
    if (group != info.options.end() && std::holds_alternative<std::int64_t>(group->second)) {
        const auto size = std::get<std::int64_t>(group->second);
        if (size >= 0) label += QStringLiteral(" g%1").arg(size);  // none: per channel, as the field writes it
    }
    const QString suffix = idSuffix(info);
    return suffix.isEmpty() ? label : label + QLatin1Char(' ') + suffix;
}

double runPlace(const ConfigurationInfo& info) {
    const bool differs = !info.layer_bits.empty() || !info.checkpoint.empty();
    return differs && info.bits_per_weight > 0.0 ? info.bits_per_weight : static_cast<double>(runBits(info));
}

QColor runColour(const ConfigurationInfo& info, const Tokens& tokens) {
    if (!info.checkpoint.empty()) {
        const auto hash = qHash(QString::fromStdString(info.checkpoint), 0);
        const auto shade = kCheckpointShades.at(hash / kCheckpointHues.size() % kCheckpointShades.size());
        return runColour(QLatin1String(kCheckpointHues.at(hash % kCheckpointHues.size())), shade, tokens);
    }
    const auto* method = methodOf(info);
    if (method == nullptr) return runColour(QString(), 0, tokens);
    return runColour(QString::fromStdString(method->hue), std::max(0, runBits(info)), tokens);
}

std::optional<Score> perplexityScore(const std::vector<Score>& scores, const std::string& benchmark) {
    std::optional<Score> first;
    for (const auto& score : scores) {
        if (score.metric != "perplexity") continue;
        if (score.benchmark == benchmark) return score;
        if (!first) first = score;
    }
    return first;
}

RunFolderEntry readRunFolderEntry(const QString& folder) {
    RunFolderEntry entry;
    entry.folder = folder;
    const std::filesystem::path path(folder.toStdString());
    const bool wrote_before = hasLiveWriter(path);
    const auto info = readRunInfo(path);
    if (!info) {
        entry.problem = QString::fromStdString(info.error().message);
        entry.name = QFileInfo(folder).fileName();
        return entry;
    }
    entry.notes = info->notes;
    entry.model_path = QString::fromStdString(info->model_path);
    entry.created = QString::fromStdString(info->created);
    entry.disk_bytes = info->disk_bytes;
    entry.name = folderName(entry);
    const auto reader = RunFolder::openForReading(path);
    for (const auto& configuration : info->configurations) {
        RunEntry run{{folder, QString::fromStdString(configuration.id)}, configuration, {}, false, info->study_model};
        if (reader) {
            auto scores = (*reader)->scores(configuration.id);
            if (scores) run.scores = std::move(*scores);
        }
        entry.runs.push_back(std::move(run));
    }
    // Asked again: a worker that began while the files were read must not look like one that died.
    entry.writer_lives = wrote_before || hasLiveWriter(path);
    judgeInterruption(entry);
    return entry;
}

bool areSame(const std::vector<RunFolderEntry>& one, const std::vector<RunFolderEntry>& other) {
    return std::ranges::equal(one, other, [](const RunFolderEntry& a, const RunFolderEntry& b) {
        return a.folder == b.folder && a.name == b.name && a.notes == b.notes && a.model_path == b.model_path &&
               a.created == b.created && a.disk_bytes == b.disk_bytes && a.problem == b.problem &&
               a.writer_lives == b.writer_lives && a.interrupted == b.interrupted &&
               std::ranges::equal(a.runs, b.runs, isSameRun);
    });
}

}  // namespace quantoscope
