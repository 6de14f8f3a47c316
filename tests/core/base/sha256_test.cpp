// If this fails, a changed model or result passes as unchanged.
#include "core/base/sha256.h"

#include <QCryptographicHash>
#include <QTest>

using namespace quantoscope;

class Sha256Test : public QObject {
    Q_OBJECT
private slots:
    void everyLengthAgreesWithQt() {
        QByteArray text;
        for (int length = 0; length < 300; ++length) {
            Sha256 parts;
            parts.add(std::string_view(text.constData(), static_cast<std::size_t>(length / 3)));
            parts.add(std::string_view(text.constData() + length / 3, static_cast<std::size_t>(length - length / 3)));
            const auto expected = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
            QCOMPARE(QByteArray::fromStdString(parts.hex()), expected);
            QCOMPARE(QByteArray::fromStdString(sha256Hex(text.toStdString())), expected);
            text.append(static_cast<char>(length * 7));
        }
    }
};
QTEST_APPLESS_MAIN(Sha256Test)
#include "sha256_test.moc"
