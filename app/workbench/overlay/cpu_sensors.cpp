// Clock and temperature of the processor from sysfs.
#include <QDir>
#include <QFile>

#include "app/workbench/overlay/overlay_snapshot.h"

namespace quantoscope {
namespace {

QByteArray firstLine(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readLine(128).trimmed() : QByteArray();
}

std::optional<double> numberIn(const QString& path) {
    bool read = false;
    const double value = firstLine(path).toDouble(&read);
    return read ? std::optional(value) : std::nullopt;
}

std::optional<double> meanMegahertz(const QString& sys) {
    const QDir cpus(sys + QStringLiteral("/devices/system/cpu"));
    double sum = 0.0;
    int count = 0;
    for (const auto& cpu : cpus.entryList({QStringLiteral("cpu[0-9]*")}, QDir::Dirs))
        if (const auto kilohertz = numberIn(cpus.filePath(cpu + QStringLiteral("/cpufreq/scaling_cur_freq")))) {
            sum += *kilohertz * 1e-3;
            ++count;
        }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

/// The sensor of the whole package: hwmon drivers call it temp1.
std::optional<double> packageCelsius(const QString& sys) {
    const QDir sensors(sys + QStringLiteral("/class/hwmon"));
    for (const auto& sensor : sensors.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QByteArray name = firstLine(sensors.filePath(sensor + QStringLiteral("/name")));
        for (const auto* cpu : {"coretemp", "k10temp", "zenpower", "cpu_thermal"})
            if (name == cpu)
                if (const auto value = numberIn(sensors.filePath(sensor + QStringLiteral("/temp1_input"))))
                    return *value * 1e-3;
    }
    const QDir zones(sys + QStringLiteral("/class/thermal"));
    for (const auto& zone : zones.entryList({QStringLiteral("thermal_zone*")}, QDir::Dirs)) {
        const QByteArray type = firstLine(zones.filePath(zone + QStringLiteral("/type")));
        if (type == "x86_pkg_temp" || type.startsWith("cpu"))
            if (const auto value = numberIn(zones.filePath(zone + QStringLiteral("/temp")))) return *value * 1e-3;
    }
    return std::nullopt;
}

}  // namespace

CpuSensors readCpuSensors(const QString& sys) {
    return {meanMegahertz(sys), packageCelsius(sys)};
}

}  // namespace quantoscope
