#include "app/workbench/session/run_catalog.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <filesystem>

#include "app/workbench/session/catalog_look.h"
#include "core/run_store/run_lock.h"

namespace quantoscope {
namespace {

constexpr int kThrottleMs = 250;
constexpr int kPulseMs = 2000;
/// Runs that nobody was writing are looked at for a new writer every so many pulses.
constexpr int kPulsesForAll = 4;
/// A look, a scan and what was asked before the folder was changed: of a share that hangs no more threads wait.
constexpr int kMostThreads = 3;
constexpr int kPatienceAtEndMs = 2000;

std::vector<RunFolderEntry> readAll(const QString& runs_folder, const QStringList& added, const std::stop_token& stop) {
    std::vector<RunFolderEntry> entries;
    for (const auto& folder : runFoldersIn(runs_folder, added)) {
        if (stop.stop_requested()) break;
        entries.push_back(readRunFolderEntry(folder));
    }
    return entries;
}

/// Everything but the lock: nobody may begin to write meanwhile, and a held file cannot be removed from every disk.
std::error_code removeUnderLock(const std::filesystem::path& folder) {
    std::error_code code;
    std::vector<std::filesystem::path> inside;
    for (std::filesystem::directory_iterator each(folder, code), end; !code && each != end; each.increment(code))
        if (each->path().filename() != "lock") inside.push_back(each->path());
    for (const auto& path : inside)
        if (!code) std::filesystem::remove_all(path, code);
    return code;
}

Status removeFolder(const QString& folder) {
    const std::filesystem::path path(folder.toStdString());
    if (!RunFolder::isRunFolder(path)) return failure("not deleted: this is not a run folder", path.string());
    QS_ASSIGN(auto lock, RunLock::take(path));
    std::error_code code = removeUnderLock(path);
    lock.reset();
    if (!code) std::filesystem::remove_all(path, code);
    if (code)
        return failure("the run could not be deleted completely: check the permissions of its folder", path.string(),
                       code.message());
    return {};
}

}  // namespace

RunCatalog::RunCatalog(QString runs_folder, QObject* parent) : QObject(parent), runs_folder_(std::move(runs_folder)) {
    pool_->setMaxThreadCount(kMostThreads);
    throttle_.setSingleShot(true);
    connect(&throttle_, &QTimer::timeout, this, &RunCatalog::scan);
    pulse_.setInterval(kPulseMs);
    connect(&pulse_, &QTimer::timeout, this, &RunCatalog::lookAround);
    connect(&watch_, &FolderWatch::changed, this, &RunCatalog::rescan);
}

/// A thread that a share holds is left behind with its pool: the window closes all the same.
RunCatalog::~RunCatalog() {
    task_.drop();
    looking_.drop();
    if (!pool_->waitForDone(kPatienceAtEndMs)) [[maybe_unused]]
        const auto* left = pool_.release();
}

const RunFolderEntry* RunCatalog::findFolder(const QString& folder) const {
    const auto found = std::ranges::find(folders_, folder, &RunFolderEntry::folder);
    return found == folders_.end() ? nullptr : &*found;
}

const RunEntry* RunCatalog::find(const RunKey& key) const {
    const auto* folder = findFolder(key.folder);
    if (folder == nullptr) return nullptr;
    const auto found = std::ranges::find(folder->runs, key, &RunEntry::key);
    return found == folder->runs.end() ? nullptr : &*found;
}

QString RunCatalog::newRunFolder(const QString& model_name, const QStringList& taken) const {
    const QString stamp = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH.mm.ss"));
    const QString base = QDir(runs_folder_).absoluteFilePath(model_name + QLatin1Char(' ') + stamp);
    QString candidate = base;
    for (int i = 2; findFolder(candidate) != nullptr || taken.contains(candidate); ++i)
        candidate = base + QStringLiteral(" (%1)").arg(i);
    return candidate;
}

void RunCatalog::addFolder(const QString& folder) {
    const QString path = QDir(folder).absolutePath();
    if (!added_folders_.contains(path)) added_folders_.append(path);
    rescan();
}

void RunCatalog::setRunsFolder(const QString& folder) {
    if (folder == runs_folder_) return;
    runs_folder_ = folder;
    task_.drop();  // what it finds lies in the old folder
    rescan();
}

void RunCatalog::rescan() {
    if (throttle_.isActive()) return;
    // The first call is answered at once, those that follow it closely make one more scan.
    const bool lately = last_scan_.isValid() && last_scan_.elapsed() < kThrottleMs;
    throttle_.start(lately ? kThrottleMs : 0);
}

void RunCatalog::scan() {
    if (task_.running()) {  // a scan under way may miss what changed: go once more after it
        throttle_.start(kThrottleMs);
        return;
    }
    last_scan_.start();
    task_.start([runs = runs_folder_,
                 added = added_folders_](const std::stop_token& stop) { return readAll(runs, added, stop); },
                [this](std::vector<RunFolderEntry> found) { take(std::move(found)); });
}

void RunCatalog::take(std::vector<RunFolderEntry> found) {
    const auto before = std::exchange(folders_, std::move(found));
    for (const auto& folder : before)
        for (const auto& run : folder.runs)
            if (find(run.key) == nullptr) emit runRemoved(run.key);
    watchAll();
    if (!pulse_.isActive()) pulse_.start();
    // Views that are filled anew lose their keyboard's place: only for a reason.
    if (!std::exchange(has_scanned_, true) || !areSame(before, folders_)) emit changed();
    emit scanned();
}

void RunCatalog::setWatching(bool watching) {
    watching_ = watching;
    watchAll();
}

void RunCatalog::watchAll() {
    if (!watching_) return watch_.setFolders({});
    QStringList wanted{runs_folder_};
    for (const auto& folder : folders_) {
        wanted << folder.folder << folder.folder + QStringLiteral("/configurations");
        for (const auto& run : folder.runs)
            wanted << folder.folder + QStringLiteral("/configurations/") + run.key.configuration;
    }
    watch_.setFolders(wanted);
}

void RunCatalog::lookAround() {
    if (looking_.running()) return;  // a share that hangs: not one thread more for it
    CatalogLook look{runs_folder_, {}, {}, {}};
    const bool at_all = ++pulses_ % kPulsesForAll == 0;
    for (const auto& folder : folders_) {
        look.known << folder.folder;
        if (folder.writer_lives)
            look.written << folder.folder;
        else if (at_all)
            look.quiet << folder.folder;
    }
    looking_.start([look](const std::stop_token& stop) { return lookAgain(look, stop); },
                   [this](const CatalogNews& news) {
                       const bool changed = std::exchange(newest_change_, news.newest_change) != news.newest_change;
                       if (news.others || changed) rescan();
                   });
}

void RunCatalog::writeNotes(const QString& folder, const RunNotes& notes) {
    runInBackground(
        this, [folder, notes] { return writeRunNotes(folder.toStdString(), notes); },
        [this](Status status) {
            if (!status) emit failed(status.error());
            rescan();
        });
}

void RunCatalog::rename(const QString& folder, const QString& name) {
    const auto* entry = findFolder(folder);
    if (entry == nullptr) return;
    RunNotes notes = entry->notes;
    notes.name = name.trimmed().toStdString();
    writeNotes(folder, notes);
}

void RunCatalog::annotate(const QString& folder, const QString& text) {
    const auto* entry = findFolder(folder);
    if (entry == nullptr) return;
    RunNotes notes = entry->notes;
    notes.annotation = text.toStdString();
    writeNotes(folder, notes);
}

void RunCatalog::remove(const QString& folder) {
    added_folders_.removeAll(folder);
    runInBackground(
        this, [folder] { return removeFolder(folder); },
        [this](Status status) {
            if (!status) emit failed(status.error());
            rescan();
        });
}

}  // namespace quantoscope
