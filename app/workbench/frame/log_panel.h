// What the worker and the window said, and the diagnostics to send along with a question.
#pragma once

#include <QStringList>
#include <QWidget>
#include <functional>

class QPlainTextEdit;

namespace quantoscope {

class LogPanel : public QWidget {
    Q_OBJECT

public:
    explicit LogPanel(QWidget* parent = nullptr);

    void append(const QString& line);
    /// The newest lines, oldest of them first.
    QStringList lastLines(int count) const;

signals:
    void copyDiagnosticsWanted();

private:
    QPlainTextEdit* text_ = nullptr;
};

/// Versions, system, CPU features, paths, the last error and the newest log lines, as plain text.
struct DiagnosticsInput {
    QString last_error;
    QStringList paths;
    QStringList log_lines;
};
QString diagnosticsText(const DiagnosticsInput& input);

}  // namespace quantoscope
