#include "widgets/text/number_text.h"

#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {
namespace {

const QChar kThinSpace(0x2009);
const QChar kMinus(0x2212);

QString grouped(QString digits) {
    const int first = digits.startsWith(QLatin1Char('-')) ? 1 : 0;
    const auto point = digits.indexOf(QLatin1Char('.'));
    const auto end = point < 0 ? digits.size() : point;
    if (end - first < 5) return digits;
    for (auto i = end - 3; i > first; i -= 3) digits.insert(i, kThinSpace);
    return digits;
}

QString trimmedZeros(QString text) {
    if (!text.contains(QLatin1Char('.'))) return text;
    while (text.endsWith(QLatin1Char('0'))) text.chop(1);
    if (text.endsWith(QLatin1Char('.'))) text.chop(1);
    return text;
}

QString exponentText(double value) {
    const QString text = QString::number(value, 'e', 1);
    const auto mark = text.indexOf(QLatin1Char('e'));
    const int exponent = text.mid(mark + 1).toInt();
    return trimmedZeros(text.left(mark)) + QStringLiteral("e%1").arg(exponent);
}

QString plainText(double value) {
    const double size = std::abs(value);
    if (value == 0.0) return QStringLiteral("0");
    if (size >= 1e6 || size < 1e-3) return exponentText(value);
    const int magnitude = static_cast<int>(std::floor(std::log10(size)));
    const int decimals = std::clamp((size < 0.1 ? 2 : 3) - magnitude, 0, 6);
    return grouped(trimmedZeros(QString::number(value, 'f', decimals)));
}

QString minutesText(std::int64_t seconds) {
    const std::int64_t minutes = seconds / 60;
    if (minutes < 10 && seconds % 60 != 0) return QStringLiteral("%1 min %2 s").arg(minutes).arg(seconds % 60);
    if (minutes < 60) return QStringLiteral("%1 min").arg(minutes);
    return QStringLiteral("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

}  // namespace

QString valueText(double value) {
    if (std::isnan(value)) return QStringLiteral("–");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    return plainText(value).replace(QLatin1Char('-'), kMinus);
}

QString valueText(double value, const QString& unit) {
    if (unit.isEmpty()) return valueText(value);
    const bool counts = unit.size() > 3 && unit.endsWith(QLatin1Char('s')) &&
                        std::ranges::all_of(unit, [](QChar letter) { return letter.isLower(); });
    const bool one = counts && std::abs(value) == 1.0;
    return valueText(value) + QLatin1Char(' ') + (one ? unit.chopped(1) : unit);
}

QString deltaText(double value, const QString& unit) {
    if (value == 0.0) return QStringLiteral("±0");
    const QString text = valueText(value, unit);
    return value > 0 ? QLatin1Char('+') + text : text;
}

QString bytesText(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 999.5 && unit + 1 < kUnits.size()) {
        size /= 1000.0;
        ++unit;
    }
    const int decimals = unit == 0 || size >= 99.95 ? 0 : 1;
    return QString::number(size, 'f', decimals) + QLatin1Char(' ') + QLatin1String(kUnits[unit]);
}

QString durationText(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
    if (seconds < 10) return QString::number(seconds, 'f', 1) + QStringLiteral(" s");
    const auto whole = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e12)));
    return whole < 60 ? QStringLiteral("%1 s").arg(whole) : minutesText(whole);
}

QString countText(std::int64_t count) {
    return grouped(QString::number(count)).replace(QLatin1Char('-'), kMinus);
}

QString exactText(double value) {
    if (std::isnan(value)) return QStringLiteral("nan");
    const bool is_whole = std::abs(value) < 1e15 && value == std::trunc(value);
    return is_whole ? QString::number(value, 'f', 0) : QString::number(value, 'g', QLocale::FloatingPointShortest);
}

std::vector<double> niceTicks(double low, double high, int wanted) {
    if (!(high > low) || wanted < 1 || !std::isfinite(high - low)) return {};
    const double rough = (high - low) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double share = rough / power;
    const double step = power * (share < 1.5 ? 1.0 : share < 3.5 ? 2.0 : share < 7.5 ? 5.0 : 10.0);
    std::vector<double> ticks;
    // Counting whole steps keeps 0.1 + 0.2 out of the labels.
    const double slack = 1e-9;
    for (double i = std::ceil(low / step - slack); i * step <= high + slack * step; i += 1.0) ticks.push_back(i * step);
    return ticks;
}

std::vector<int> indexTicks(int last, int wanted) {
    if (last < 0) return {};
    int step = 1;
    for (const int factor : {1, 2, 4, 5, 8, 10, 16, 20, 32, 40, 50, 64, 80, 100}) {
        step = factor;
        if (last / factor <= std::max(1, wanted)) break;
    }
    std::vector<int> ticks;
    for (int i = 0; i < last; i += step) ticks.push_back(i);
    // The last index is always named; a neighbour closer than half a step makes room for it.
    if (ticks.size() > 1 && last - ticks.back() < (step + 1) / 2) ticks.pop_back();
    ticks.push_back(last);
    return ticks;
}

}  // namespace quantoscope
