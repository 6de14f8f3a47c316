// Does the desktop ask for dark windows? Asked of the settings portal; says so again when it changes.
#pragma once

#include <QObject>
#include <QString>

class QDBusPendingCallWatcher;
class QDBusVariant;

namespace quantoscope {

class DesktopScheme : public QObject {
    Q_OBJECT
public:
    explicit DesktopScheme(QObject* parent = nullptr);

signals:
    void darkChanged(bool dark);  ///< comes later than the constructor: the portal is never waited for

private slots:
    void takeSetting(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void takeAnswer(QDBusPendingCallWatcher* watcher);
};

}  // namespace quantoscope
