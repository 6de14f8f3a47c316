#include "app/workbench/demo/demo_copy.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include "app/workbench/session/session_paths.h"
#include "core/base/atomic_file.h"

namespace quantoscope {
namespace {

const QString kList = QStringLiteral("/shipped-files.txt");            // what of the copy came with the program
constexpr std::uint64_t kLargestFile_bytes = std::uint64_t{64} << 20;  // the whole demo is below 28 MB

QString text(const char* source) {
    return QCoreApplication::translate("Demo", source);
}

/// Relative paths of what is copied, in a fixed order.
QStringList demoFiles(const QString& source) {
    const QDir folder(source);
    QStringList files;
    QDirIterator all(source, QDir::Files, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString path = folder.relativeFilePath(all.next());
        if (!path.startsWith(QLatin1String("training/"))) files.append(path);
    }
    files.sort();
    return files;
}

Status checkShipped(const QString& source) {
    const bool whole = !source.isEmpty() && QFileInfo::exists(source + QStringLiteral("/recipe.json")) &&
                       QFileInfo::exists(source + QStringLiteral("/model/config.json"));
    if (whole) return {};
    return failure(text("The demo did not come with this installation: install Quantoscope again, or open a model "
                        "of your own.")
                       .toStdString(),
                   source.isEmpty() ? std::string() : source.toStdString() + "/model");
}

bool holds(const QString& path, const std::string& bytes) {
    if (QFileInfo(path).size() != static_cast<qint64>(bytes.size())) return false;
    const auto found = readTextFile(path.toStdString(), kLargestFile_bytes);
    return found && *found == bytes;
}

/// Takes away what an earlier demo had and this one has not: only files that the list of that time names.
void removeOutdated(const QString& target, const QStringList& files) {
    const auto listed = readTextFile((target + kList).toStdString(), kLargestFile_bytes);
    if (!listed) return;
    const QDir folder(target);
    const auto known = QString::fromStdString(*listed).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const auto& file : known) {
        const bool below = QDir::isRelativePath(file) && !QDir::cleanPath(file).startsWith(QLatin1String(".."));
        if (below && !files.contains(file)) QFile::remove(folder.filePath(file));
    }
}

}  // namespace

QString shippedDemo() {
    for (const auto& root : resourceRoots())
        if (const QFileInfo recipe(root + QStringLiteral("/demo/recipe.json")); recipe.isFile())
            return recipe.dir().canonicalPath();
    return {};
}

Result<DemoCopy> refreshDemoCopy(const QString& source, const QString& target, const JobContext& job) {
    QS_TRY(checkShipped(source));
    const auto files = demoFiles(source);
    DemoCopy copy;
    for (const auto& file : files) {
        QS_TRY(job.checkStop());
        job.report(file.toStdString(), static_cast<double>(copy.files) / static_cast<double>(files.size()));
        QS_ASSIGN(const auto bytes, readTextFile((source + QLatin1Char('/') + file).toStdString(), kLargestFile_bytes));
        const QString path = target + QLatin1Char('/') + file;
        ++copy.files;
        if (holds(path, bytes)) continue;
        QS_TRY(makeFolder(QFileInfo(path).path().toStdString()));
        QS_TRY(writeTextAtomically(path.toStdString(), bytes));
        ++copy.written;
    }
    removeOutdated(target, files);
    QS_TRY(writeTextAtomically((target + kList).toStdString(), files.join(QLatin1Char('\n')).toStdString()));
    return copy;
}

}  // namespace quantoscope
