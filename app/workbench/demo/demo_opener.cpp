#include "app/workbench/demo/demo_opener.h"

#include <QPromise>
#include <QtConcurrentRun>

#include "app/workbench/demo/demo_copy.h"

namespace quantoscope {
namespace {

constexpr int kSteps = 100;

Result<Recipe> prepare(const QString& source, const QString& target, const JobContext& job) {
    if (const auto copy = refreshDemoCopy(source, target, job); !copy) return std::unexpected(copy.error());
    return readRecipeFile((target + QStringLiteral("/recipe.json")).toStdString());
}

}  // namespace

DemoOpener::DemoOpener(Session& session, QString source, QObject* parent)
    : QObject(parent), session_(session), source_(std::move(source)) {
    connect(&watcher_, &QFutureWatcher<Result<Recipe>>::progressValueChanged, this,
            [this](int percent) { emit preparing(tr("Preparing the demo… %1 %").arg(percent)); });
    connect(&watcher_, &QFutureWatcher<Result<Recipe>>::finished, this, &DemoOpener::finish);
}

DemoOpener::~DemoOpener() {
    stop_.request_stop();
}

bool DemoOpener::isCurrent() const {
    const auto model = session_.models().current();
    return model && model->path.startsWith(session_.paths().demo + QLatin1Char('/'));
}

void DemoOpener::open() {
    if (watcher_.isRunning()) return;
    emit preparing(tr("Preparing the demo…"));
    const auto work = [source = source_, target = session_.paths().demo,
                       token = stop_.get_token()](QPromise<Result<Recipe>>& promise) {
        promise.setProgressRange(0, kSteps);
        const JobContext job(token, [&promise](const Progress& progress) {
            promise.setProgressValue(static_cast<int>(progress.fraction * kSteps));
        });
        promise.addResult(prepare(source, target, job));
    };
    watcher_.setFuture(QtConcurrent::run(work));
}

void DemoOpener::finish() {
    emit preparing(QString());
    if (watcher_.future().resultCount() == 0) return;
    const auto recipe = watcher_.future().result();
    if (!recipe) {
        emit session_.failed(recipe.error());
        return;
    }
    session_.pipeline().replace(*recipe, tr("Open the demo"), session_.paths().demo + QStringLiteral("/recipe.json"));
    session_.models().open(QString::fromStdString(recipe->model));
    emit opened();
}

}  // namespace quantoscope
