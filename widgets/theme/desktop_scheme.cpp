#include "widgets/theme/desktop_scheme.h"

#ifdef QUANTOSCOPE_DESKTOP_PORTAL
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace quantoscope {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");
constexpr uint kPrefersDark = 1;

// The portal wraps the number once or twice, depending on its version.
QVariant unwrapped(QVariant value) {
    for (int i = 0; i < 3 && value.canConvert<QDBusVariant>(); ++i) value = value.value<QDBusVariant>().variant();
    return value;
}

}  // namespace

DesktopScheme::DesktopScheme(QObject* parent) : QObject(parent) {
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(takeSetting(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    question << kSpace << kKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, &DesktopScheme::takeAnswer);
}

void DesktopScheme::takeAnswer(QDBusPendingCallWatcher* watcher) {
    const QDBusPendingReply<QDBusVariant> reply = *watcher;
    watcher->deleteLater();
    if (reply.isError()) return;  // no portal: the palette's answer stands
    takeSetting(kSpace, kKey, reply.value());
}

void DesktopScheme::takeSetting(const QString& space, const QString& key, const QDBusVariant& value) {
    if (space != kSpace || key != kKey) return;
    emit darkChanged(unwrapped(value.variant()).toUInt() == kPrefersDark);
}

}  // namespace quantoscope
#else
class QDBusPendingCallWatcher {};
class QDBusVariant {};

namespace quantoscope {
DesktopScheme::DesktopScheme(QObject* parent) : QObject(parent) {}
void DesktopScheme::takeAnswer(QDBusPendingCallWatcher*) {}
void DesktopScheme::takeSetting(const QString&, const QString&, const QDBusVariant&) {}
}  // namespace quantoscope
#endif
