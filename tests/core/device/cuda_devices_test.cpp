// If this fails, somebody without a usable GPU is not told why, or somebody with one does not see it.
#include "core/device/cuda_devices.h"

#include <QTest>

using namespace quantoscope;

class CudaDevicesTest : public QObject {
    Q_OBJECT
private slots:
    void thereIsADeviceOrOneSentence() {
        const auto report = measureCudaDevices(1);
        QVERIFY2(report.has_value(), report ? "" : report.error().cause.c_str());
        QCOMPARE(report->devices.empty(), !report->absence.empty());
        if (!report->devices.empty()) return;
        QVERIFY(report->absence.back() == '.');
        QVERIFY(report->absence.find('\n') == std::string::npos);
        QVERIFY(!report->cause.empty());
    }
    void figuresOfADeviceArePlausible() {
        const auto report = measureCudaDevices(1);
        QVERIFY(report.has_value());
        if (report->devices.empty()) QSKIP(report->absence.c_str());
        for (const auto& device : report->devices) {
            QVERIFY(!device.name.empty());
            QVERIFY(device.free_memory_bytes <= device.memory_bytes);
            QVERIFY(device.bfloat16_gflops == 0.0 || device.bfloat16_gflops > device.float32_gflops);
            QVERIFY(device.read_gigabytes_per_s == 0.0 || device.read_gigabytes_per_s > device.upload_gigabytes_per_s);
        }
    }
};
QTEST_APPLESS_MAIN(CudaDevicesTest)
#include "cuda_devices_test.moc"
