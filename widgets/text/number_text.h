// Numbers as people read them. Interface numbers use a point and thin spaces; CSV uses the C locale.
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

namespace quantoscope {

/// Four significant digits (three below 0.1), never more than needed: "0.0813", "6.14", "1.7e6", "128". Not a number:
/// "–".
QString valueText(double value);
/// valueText with the unit behind a space (none for an empty unit): "3 channels", "1 channel".
QString valueText(double value, const QString& unit);
/// With an explicit sign and a true minus: "+0.061", "−0.2".
QString deltaText(double value, const QString& unit = {});
QString bytesText(std::uint64_t bytes);  ///< "16.1 GB" (powers of 1000)
QString durationText(double seconds);    ///< "52 s", "1 min 40 s", "3 h 12 min"
QString countText(std::int64_t count);   ///< "128 256" with thin spaces
/// Shortest text that reads back as the same double, C locale: for CSV.
QString exactText(double value);
/// Readable tick positions inside [low, high]: 1, 2, 5 times a power of ten, about `wanted` of them.
std::vector<double> niceTicks(double low, double high, int wanted);
/// Whole numbers from 0 to last at an even readable step, the last one always among them.
std::vector<int> indexTicks(int last, int wanted);

}  // namespace quantoscope
