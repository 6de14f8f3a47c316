// Draws an overlay's content with Dear ImGui into the frame that has been begun.
#pragma once

#include "widgets/overlay/overlay_content.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {

/// Colours, roundings and spacings of the window's theme for the current ImGui context.
void setOverlayStyle(const Tokens& tokens);

struct OverlayFrame {
    float width = 0.0F;  ///< logical pixels
    float height = 0.0F;
    float scroll = 0.0F;  ///< pixels to scroll by, from the keyboard
};

void drawOverlay(const OverlayContent& content, const OverlayFrame& frame, const Tokens& tokens);
/// The header moves the panel; its right end closes it.
inline constexpr int kOverlayHeaderPixels = 30;
inline constexpr int kOverlayClosePixels = 30;

}  // namespace quantoscope
