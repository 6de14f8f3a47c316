#include "app/workbench/frame/log_panel.h"

#include <QDateTime>
#include <QFile>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QTextBlock>
#include <QThread>
#include <QVBoxLayout>

namespace quantoscope {
namespace {

constexpr int kKeptLines = 5000;

/// The line of /proc/cpuinfo that starts with `key`, without the key.
QString cpuInfo(const QByteArray& text, const QByteArray& key) {
    for (const auto& line : text.split('\n'))
        if (line.startsWith(key)) return QString::fromUtf8(line.mid(line.indexOf(':') + 1).trimmed());
    return {};
}

QString cpuText() {
    QFile file(QStringLiteral("/proc/cpuinfo"));
    if (!file.open(QIODevice::ReadOnly)) return QSysInfo::currentCpuArchitecture();
    const QByteArray text = file.readAll();
    const QStringList flags = cpuInfo(text, "flags").split(QLatin1Char(' '));
    QStringList levels;
    for (const auto* level : {"avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8"})
        if (flags.contains(QLatin1String(level))) levels.append(QLatin1String(level));
    return QStringLiteral("%1, %2 threads, %3")
        .arg(cpuInfo(text, "model name"))
        .arg(QThread::idealThreadCount())
        .arg(levels.join(QLatin1Char(' ')));
}

}  // namespace

LogPanel::LogPanel(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    text_ = new QPlainTextEdit(this);
    text_->setObjectName(QStringLiteral("log_text"));
    text_->setAccessibleName(tr("Log"));
    text_->setReadOnly(true);
    text_->setMaximumBlockCount(kKeptLines);
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text_->setPlaceholderText(tr("What the worker says appears here."));
    layout->addWidget(text_, 1);
    auto* row = new QHBoxLayout;
    auto* copy = new QPushButton(tr("Copy diagnostics"), this);
    copy->setObjectName(QStringLiteral("copy_diagnostics"));
    copy->setToolTip(tr("Versions, CPU, paths, the last error and the last 200 lines, for a bug report"));
    auto* clear = new QPushButton(tr("Clear"), this);
    clear->setObjectName(QStringLiteral("clear_log"));
    row->addWidget(copy);
    row->addWidget(clear);
    row->addStretch(1);
    layout->addLayout(row);
    connect(copy, &QPushButton::clicked, this, &LogPanel::copyDiagnosticsWanted);
    connect(clear, &QPushButton::clicked, text_, &QPlainTextEdit::clear);
}

void LogPanel::append(const QString& line) {
    text_->appendPlainText(QDateTime::currentDateTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

QStringList LogPanel::lastLines(int count) const {
    QStringList lines;
    for (auto block = text_->document()->lastBlock(); block.isValid() && lines.size() < count; block = block.previous())
        lines.prepend(block.text());
    return lines;
}

QString diagnosticsText(const DiagnosticsInput& input) {
    QStringList lines;
    lines << QStringLiteral("Quantoscope " QUANTOSCOPE_VERSION)
          << QStringLiteral("Qt %1 (built with %2)").arg(QLatin1String(qVersion()), QLatin1String(QT_VERSION_STR))
          << QStringLiteral("Compiler: ") + QStringLiteral(__VERSION__)
          << QStringLiteral("System: %1, kernel %2").arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion())
          << QStringLiteral("CPU: ") + cpuText() << input.paths
          << QStringLiteral("Last error: ") + (input.last_error.isEmpty() ? QStringLiteral("none") : input.last_error)
          << QStringLiteral("Log, last %1 lines:").arg(input.log_lines.size()) << input.log_lines;
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace quantoscope
