#include "widgets/overlay/overlay_content.h"

namespace quantoscope {

QString overlayText(const OverlayContent& content) {
    QStringList lines{content.title};
    for (const auto& section : content.sections) {
        lines.append(section.title);
        if (!section.note.isEmpty()) lines.append(section.note);
        for (const auto& row : section.rows) lines.append(row.label + QStringLiteral(": ") + row.value);
        if (section.timeline && !section.timeline->lanes.isEmpty())
            lines.append(section.timeline->lanes.join(QStringLiteral(", ")));
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace quantoscope
