// What the performance overlay shows, as plain data: whoever fills it in knows the program, the panel only draws it.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace quantoscope {

struct OverlayRow {
    QString label;
    QString value;
    double share = -1.0;  ///< 0 to 1 draws a bar below; negative: none
};

/// Values over time, newest last.
struct OverlayPlot {
    std::vector<float> values;
    float top = 1.0F;  ///< of the axis, which begins at zero
};

struct OverlaySpan {
    int lane = 0;
    double begin_seconds = 0.0;
    double seconds = 0.0;
    QString tip;  ///< on hover
};

struct OverlayTimeline {
    QStringList lanes;
    std::vector<OverlaySpan> spans;
    double begin_seconds = 0.0;  ///< of what is on view
    double end_seconds = 1.0;
};

struct OverlaySection {
    QString title;
    QString note;  ///< one sentence below the title, empty: none
    std::vector<OverlayRow> rows;
    std::optional<OverlayPlot> plot;
    std::optional<OverlayTimeline> timeline;
};

struct OverlayContent {
    QString title;
    std::vector<OverlaySection> sections;
};

/// Everything but the pictures as lines of text, for the clipboard and screen readers.
QString overlayText(const OverlayContent& content);

}  // namespace quantoscope
