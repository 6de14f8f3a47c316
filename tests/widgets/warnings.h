// A Qt warning inside a view fails its test; the offscreen platform's own remarks about what it lacks are not the
// view's.
#pragma once

#include <QRegularExpression>
#include <QTest>

namespace quantoscope {

inline void failOnQtWarnings() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
}

}  // namespace quantoscope
