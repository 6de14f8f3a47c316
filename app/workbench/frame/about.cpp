#include "app/workbench/frame/about.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFile>
#include <QMessageBox>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "app/workbench/session/session_paths.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("About", source);
}

QString noticesText() {
    QFile file(shippedNotices());
    if (!file.fileName().isEmpty() && file.open(QIODevice::ReadOnly)) return QString::fromUtf8(file.readAll());
    return text(
        "Quantoscope is licensed under the GNU General Public License, version 3 or later. It uses Qt (LGPL 3), "
        "QCustomPlot (GPL 3), "
        "HDF5, oneDNN, OpenBLAS, PCRE2, SentencePiece and nlohmann-json under their own licences.");
}

}  // namespace

void showAbout(QWidget& window) {
    auto* box = new QMessageBox(&window);
    box->setObjectName(QStringLiteral("about"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(text("About Quantoscope"));
    box->setText(QStringLiteral("<b>Quantoscope " QUANTOSCOPE_VERSION "</b>"));
    box->setInformativeText(
        text("What did low-bit quantization do to my model, where, and which method and bit width should I ship?\n\n"
             "Licensed under the GNU General Public License, version 3 or later. Built with Qt %1.")
            .arg(QLatin1String(qVersion())));
    box->open();
}

void showLicences(QWidget& window) {
    auto* dialog = new QDialog(&window);
    dialog->setObjectName(QStringLiteral("licences"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(text("Licences"));
    auto* layout = new QVBoxLayout(dialog);
    auto* view = new QTextBrowser(dialog);
    view->setMarkdown(noticesText());
    layout->addWidget(view);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    layout->addWidget(buttons);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    dialog->resize(720, 560);
    dialog->open();
}

}  // namespace quantoscope
