// Where tests find golden data and models; a test whose file is absent must QSKIP, never pass.
#pragma once

#include <QString>

namespace quantoscope::test {

/// The shared folder beside the checkout (golden data, models, text), or an empty string when it is not there.
QString sharedFolder();
/// A file below it, or an empty string when it is not there.
QString sharedFile(const QString& relative);
/// The real example model: shared, else where installer/get-example-model put it; empty when neither is there.
QString exampleModel();
/// Path of the worker executable built with this tree.
QString workerProgram();

}  // namespace quantoscope::test

/// Declares `name` as the path of a shared file, or skips the test function.
#define QS_SHARED_FILE(name, relative)                                            \
    const QString name = quantoscope::test::sharedFile(QStringLiteral(relative)); \
    if (name.isEmpty()) QSKIP("needs ../shared/" relative)
