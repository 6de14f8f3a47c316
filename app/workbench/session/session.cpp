#include "app/workbench/session/session.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>
#include <algorithm>

#include "core/methods/method.h"

namespace quantoscope {
namespace {

constexpr int kMostChecks = 8;  // folders that hang at a time, before another one can be chosen
constexpr int kAnswerMs = 4000;
constexpr int kPatienceAtEndMs = 500;

/// Written whole or not at all; removed again when its job leaves the list.
Result<QString> writeQueuedRecipe(const SessionPaths& paths, const Recipe& recipe) {
    QString path =
        paths.queue + QLatin1Char('/') + QUuid::createUuid().toString(QUuid::WithoutBraces) + QStringLiteral(".json");
    QSaveFile file(path);
    const auto text = QByteArray::fromStdString(recipeJson(recipe));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return failure("the recipe for the worker cannot be written: is the disk full?", path.toStdString(),
                       file.errorString().toStdString());
    return path;
}

QString methodLabel(const std::string& id) {
    const auto method = findMethod(id);
    return QString::fromStdString(method ? (*method)->label : id);
}

/// The two runs of a sweep that say most at once: those with the fewest bits, of two methods where there are two.
QList<RunKey> firstLook(const Recipe& recipe, const QString& folder) {
    constexpr qsizetype kRuns = 2;
    auto all = configurations(recipe);
    if (!all) return {};
    std::ranges::stable_sort(*all, {}, [](const Configuration& one) {
        return one.isCheckpoint() ? std::int64_t{0} : integerOption(one.options, "bits");
    });
    QList<RunKey> runs;
    for (const auto& one : *all)
        if (runs.size() < kRuns) runs.append({folder, QString::fromStdString(one.id)});
    return runs;
}

}  // namespace

QString recipeTitle(const Recipe& recipe) {
    const auto model = modelName(QString::fromStdString(recipe.model));
    QStringList names;
    for (const auto& checkpoint : recipe.checkpoints) names.append(modelName(QString::fromStdString(checkpoint)));
    if (recipe.methods.empty() && !names.isEmpty())
        return QObject::tr("%1 against %2").arg(names.join(QStringLiteral(", ")), model);
    for (const auto& method : recipe.methods) names.append(methodLabel(method.method));
    QStringList bits;
    for (const auto width : recipe.bits) bits.append(QString::number(width));
    return QStringLiteral("%1 × %2 bits, %3").arg(names.join(QStringLiteral(", ")), bits.join(QLatin1Char(' ')), model);
}

Session::Session(const SessionPaths& paths, QObject* parent)
    : QObject(parent), paths_(paths), hub_cache_(paths.hub_cache), runs_(paths.runs) {
    connect(&models_, &ModelList::changed, this, &Session::followModel);
    connect(&models_, &ModelList::opened, this, &Session::pathOpened);
    connect(&models_, &ModelList::failed, this, [this](const QString&, const Error& error) { emit failed(error); });
    connect(&runs_, &RunCatalog::failed, this, &Session::failed);
    connect(&runs_, &RunCatalog::runRemoved, this, [this](const RunKey& run) {
        selection_.forgetRun(run);
        layers_.forget(run);
        if (baseline_ == run) setBaseline({});
    });
    connect(&runs_, &RunCatalog::scanned, this, &Session::followSelection);
    connect(&runs_, &RunCatalog::scanned, this, &Session::lookAtStarted);
    connect(&selection_, &SelectionModel::changed, this, &Session::followSelection);
    connect(&layers_, &LayerStore::metricsChanged, this, &Session::requireSelectedRecord);
    connect(&jobs_, &JobQueue::event, this, &Session::followJob);
    connect(&jobs_, &JobQueue::started, &runs_, &RunCatalog::rescan);
    connect(&jobs_, &JobQueue::finished, &runs_, &RunCatalog::rescan);
    checks_->setMaxThreadCount(kMostChecks);
    answer_expected_.setSingleShot(true);
    connect(&answer_expected_, &QTimer::timeout, this, [this] {
        emit failed(Error{
            tr("“%1” does not answer: runs are kept where they were until it does").arg(chosen_folder_).toStdString(),
            {},
            chosen_folder_.toStdString(),
            ErrorKind::failed});
    });
}

/// A thread that a share holds is left behind with its pool: the window closes all the same.
Session::~Session() {
    checking_runs_folder_.drop();
    if (!checks_->waitForDone(kPatienceAtEndMs)) [[maybe_unused]]
        const auto* left = checks_.release();
}

void Session::setBaseline(const RunKey& run) {
    if (run == baseline_) return;
    baseline_ = run;
    layers_.require(run);
    emit baselineChanged();
}

void Session::openPath(const QString& path) {
    const QFileInfo info(path);
    if (info.isDir() && RunFolder::isRunFolder(path.toStdString())) {
        openRunFolder(path);
    } else if (info.isFile() && info.suffix().compare(QLatin1String("json"), Qt::CaseInsensitive) == 0) {
        openRecipe(info.absoluteFilePath());
    } else {
        models_.open(path);
    }
}

void Session::openRunFolder(const QString& path) {
    const QFileInfo info(path);
    if (!RunFolder::isRunFolder(path.toStdString())) {
        emit failed(Error{tr("“%1” is not a run folder: choose the folder that holds recipe.json and manifest.json")
                              .arg(info.fileName())
                              .toStdString(),
                          {},
                          info.absoluteFilePath().toStdString(),
                          ErrorKind::failed});
        return;
    }
    runs_.addFolder(info.absoluteFilePath());
    emit pathOpened(info.absoluteFilePath());
    emit runFolderOpened();
}

void Session::setRunsFolder(const QString& folder, const std::function<void()>& done) {
    const auto check = [folder, written = foldersBeingWritten()](const std::stop_token&) {
        const QFileInfo info(folder);
        return RunsFolder{info.absoluteFilePath(), info.isDir() && info.isWritable(), written};
    };
    checking_runs_folder_.start(check, [this, done](const RunsFolder& checked) {
        answer_expected_.stop();
        if (takeRunsFolder(checked) && done) done();
    });
    chosen_folder_ = folder;
    answer_expected_.start(kAnswerMs);
}

QStringList Session::foldersBeingWritten() const {
    QStringList written;
    for (const auto& job : jobs_.jobs())
        if (!job.isOver() && !job.request.run_folder.isEmpty()) written << job.request.run_folder;
    return written;
}

bool Session::takeRunsFolder(const RunsFolder& checked) {
    if (!checked.usable) {
        emit failed(Error{"Runs cannot be kept there: choose a folder you may write to",
                          {},
                          checked.path.toStdString(),
                          ErrorKind::failed});
        return false;
    }
    paths_.runs = checked.path;
    // Those of jobs that began since as well.
    for (const auto& run : checked.written + foldersBeingWritten()) runs_.addFolder(run);
    runs_.setRunsFolder(paths_.runs);
    return true;
}

void Session::openRecipe(const QString& path) {
    runInBackground(
        this, [path] { return readRecipeFile(path.toStdString()); },
        [this, path](Result<Recipe> recipe) {
            if (!recipe) {
                emit failed(recipe.error());
                return;
            }
            pipeline_.replace(*recipe, tr("Open %1").arg(QFileInfo(path).fileName()), path);
            if (!recipe->model.empty()) models_.open(QString::fromStdString(recipe->model));
            emit pathOpened(path);
            emit recipeOpened();
        });
}

void Session::followModel() {
    const auto model = models_.current();
    if (model)
        pipeline_.setModel(model->path, model->files);
    else if (!models_.isOpening())
        pipeline_.setModel({}, nullptr);
}

void Session::runPipeline() {
    const Recipe recipe = runnableRecipe(pipeline_.draft());
    start(recipe, modelName(QString::fromStdString(recipe.model)));
}

void Session::start(const Recipe& recipe, const QString& folder_name) {
    const auto file = writeQueuedRecipe(paths_, recipe);
    if (!file) {
        emit failed(file.error());
        return;
    }
    JobRequest request;
    request.title = recipeTitle(recipe);
    QStringList taken;  // by runs that wait: they are not listed yet
    for (const auto& job : jobs_.jobs()) taken << job.request.run_folder;
    request.run_folder = runs_.newRunFolder(folder_name, taken);
    request.owned_file = *file;
    request.arguments = {QStringLiteral("run"), *file, QStringLiteral("--run"), request.run_folder};
    started_ = firstLook(recipe, request.run_folder);
    jobs_.add(request);
    emit runStarted();
}

/// A run that was just started is on the Analyse page as soon as it exists, unless the user looks at others.
void Session::lookAtStarted() {
    if (started_.isEmpty()) return;
    if (selection_.current().runs.isEmpty()) {
        const bool there = std::ranges::all_of(started_, [&](const RunKey& run) { return runs_.find(run) != nullptr; });
        if (!there) return;
        selection_.selectRuns(started_);
    }
    started_.clear();
}

void Session::resumeRun(const QString& run_folder) {
    JobRequest request;
    const auto* entry = runs_.findFolder(run_folder);
    request.title = tr("Resume %1").arg(entry != nullptr ? entry->name : QFileInfo(run_folder).fileName());
    request.run_folder = run_folder;
    request.arguments = {QStringLiteral("run"), run_folder + QStringLiteral("/recipe.json"), QStringLiteral("--run"),
                         run_folder};
    jobs_.add(request);
    emit runStarted();
}

bool Session::isBusy(const QString& run_folder) const {
    for (const auto& job : jobs_.jobs())
        if (!job.isOver() && job.request.run_folder == run_folder) return true;
    const auto* entry = runs_.findFolder(run_folder);
    return entry != nullptr && entry->writer_lives;
}

std::vector<const RunFolderEntry*> Session::interruptedRuns() const {
    std::vector<const RunFolderEntry*> found;
    for (const auto& folder : runs_.folders())
        if (folder.interrupted && !isBusy(folder.folder)) found.push_back(&folder);
    return found;
}

void Session::followJob(int id, const Event& event) {
    const auto* job = jobs_.find(id);
    if (job == nullptr || job->request.run_folder.isEmpty()) return;
    const RunKey run{job->request.run_folder, QString::fromStdString(event.configuration)};
    if (event.kind == EventKind::block_finished && selection_.current().runs.contains(run)) layers_.require(run);
    if (event.kind != EventKind::note) runs_.rescan();
}

void Session::followSelection() {
    for (const auto& run : selection_.current().runs) layers_.require(run);
    requireSelectedRecord();
}

/// The original has no layers, and a live run may not have come as far as the selected block.
void Session::requireSelectedRecord() {
    const auto& selection = selection_.current();
    if (selection.runs.isEmpty() || selection.block < 0) return;
    const auto metrics = layers_.metrics(selection.runs.first());
    if (metrics == nullptr || !metrics->blocks.contains(selection.block)) return;
    layers_.requireRecord(selection.runs.first(), selection.block);
}

}  // namespace quantoscope
