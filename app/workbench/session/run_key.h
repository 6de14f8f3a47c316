// Names one run as the window shows it: a configuration inside a run folder.
#pragma once

#include <QHash>
#include <QString>

namespace quantoscope {

struct RunKey {
    QString folder;         ///< absolute path of the run folder
    QString configuration;  ///< "gptq-w4-g64", "original" for the unquantized model

    bool isNull() const { return folder.isEmpty(); }
    /// One string for settings and item data; reads back with fromText.
    QString text() const { return folder + QChar(0x1f) + configuration; }
    static RunKey fromText(const QString& text) {
        return {text.section(QChar(0x1f), 0, 0), text.section(QChar(0x1f), 1, 1)};
    }
    friend bool operator==(const RunKey&, const RunKey&) = default;
};

inline size_t qHash(const RunKey& key, size_t seed = 0) {
    return qHashMulti(seed, key.folder, key.configuration);
}

}  // namespace quantoscope
