#include "widgets/overlay/overlay_draw.h"

#include <imgui.h>

#include <algorithm>
#include <array>

namespace quantoscope {
namespace {

constexpr float kLanePixels = 17.0F;
constexpr float kLaneNamePixels = 112.0F;
constexpr float kPlotPixels = 44.0F;
constexpr float kBarPixels = 4.0F;
constexpr float kLabelShare = 0.3F;  // of a row's width, for what stands at its left

ImVec4 colour(const QColor& from) {
    return {from.redF(), from.greenF(), from.blueF(), from.alphaF()};
}

ImU32 packed(const QColor& from) {
    return ImGui::ColorConvertFloat4ToU32(colour(from));
}

void text(const QString& what) {
    const QByteArray bytes = what.toUtf8();
    ImGui::TextUnformatted(bytes.constData(), bytes.constData() + bytes.size());
}

void mutedText(const QString& what, const Tokens& tokens) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour(tokens.muted));
    ImGui::PushTextWrapPos(0.0F);
    text(what);
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}

QColor laneColour(int lane, const Tokens& tokens) {
    // Neighbours in order differ most: the golden angle around the hues.
    const int hue = (210 + lane * 137) % 360;
    return withContrast(QColor::fromHsv(hue, 150, 200), tokens.panel, 3.0);
}

void drawRow(const OverlayRow& row, const Tokens& tokens) {
    const float width = ImGui::GetContentRegionAvail().x;
    const float left = ImGui::GetCursorPosX();
    ImGui::PushStyleColor(ImGuiCol_Text, colour(tokens.muted));
    text(row.label);
    ImGui::PopStyleColor();
    ImGui::SameLine(left + width * kLabelShare);
    ImGui::PushTextWrapPos(0.0F);
    text(row.value);
    ImGui::PopTextWrapPos();
    if (row.share < 0.0) return;
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    auto* draw = ImGui::GetWindowDrawList();
    const auto filled = static_cast<float>(std::clamp(row.share, 0.0, 1.0));
    draw->AddRectFilled(corner, {corner.x + width, corner.y + kBarPixels}, packed(tokens.raised), 2.0F);
    draw->AddRectFilled(corner, {corner.x + width * filled, corner.y + kBarPixels}, packed(tokens.accent), 2.0F);
    ImGui::Dummy({width, kBarPixels + 2.0F});
}

void drawPlot(const OverlayPlot& plot, const Tokens& tokens) {
    if (plot.values.empty()) return;
    ImGui::PushStyleColor(ImGuiCol_PlotHistogram, colour(tokens.accent));
    ImGui::PushStyleColor(ImGuiCol_FrameBg, colour(tokens.raised));
    ImGui::PlotHistogram("##plot", plot.values.data(), static_cast<int>(plot.values.size()), 0, nullptr, 0.0F, plot.top,
                         {ImGui::GetContentRegionAvail().x, kPlotPixels});
    ImGui::PopStyleColor(2);
}

void drawLaneNames(const OverlayTimeline& timeline, ImVec2 corner, const Tokens& tokens) {
    auto* draw = ImGui::GetWindowDrawList();
    const float space = (kLanePixels - ImGui::GetTextLineHeight()) / 2.0F;
    for (qsizetype lane = 0; lane < timeline.lanes.size(); ++lane) {
        const float y = corner.y + kLanePixels * static_cast<float>(lane);
        const QByteArray name = timeline.lanes[lane].toUtf8();
        ImGui::PushClipRect({corner.x, y}, {corner.x + kLaneNamePixels - 6.0F, y + kLanePixels}, true);
        draw->AddText({corner.x, y + space}, packed(tokens.muted), name.constData());
        ImGui::PopClipRect();
    }
}

void drawTimeline(const OverlayTimeline& timeline, const Tokens& tokens) {
    if (timeline.lanes.isEmpty()) return;
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = kLanePixels * static_cast<float>(timeline.lanes.size());
    const float left = corner.x + kLaneNamePixels;
    const float right = corner.x + width;
    const double span = std::max(timeline.end_seconds - timeline.begin_seconds, 1e-3);
    const auto place = [&](double seconds) {
        return left +
               static_cast<float>(std::clamp((seconds - timeline.begin_seconds) / span, 0.0, 1.0)) * (right - left);
    };
    auto* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled({left, corner.y}, {right, corner.y + height}, packed(tokens.raised), 3.0F);
    ImGui::Dummy({width, height});
    const bool hovered = ImGui::IsItemHovered();
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    drawLaneNames(timeline, corner, tokens);
    for (const auto& each : timeline.spans) {
        const float y = corner.y + kLanePixels * static_cast<float>(each.lane);
        const ImVec2 from{place(each.begin_seconds), y + 2.0F};
        const ImVec2 to{std::max(place(each.begin_seconds + each.seconds), from.x + 1.0F), y + kLanePixels - 2.0F};
        draw->AddRectFilled(from, to, packed(laneColour(each.lane, tokens)));
        if (hovered && mouse.x >= from.x && mouse.x < to.x && mouse.y >= y && mouse.y < y + kLanePixels)
            ImGui::SetTooltip("%s", each.tip.toUtf8().constData());
    }
}

void drawHeader(const OverlayContent& content, const OverlayFrame& frame, const Tokens& tokens) {
    const ImVec2 corner = ImGui::GetWindowPos();
    auto* draw = ImGui::GetWindowDrawList();
    const float height = kOverlayHeaderPixels;
    draw->PushClipRectFullScreen();  // up to the panel's edges
    draw->AddRectFilled(corner, {corner.x + frame.width, corner.y + height}, packed(tokens.raised));
    const QByteArray title = content.title.toUtf8();
    draw->AddText({corner.x + 12.0F, corner.y + (height - ImGui::GetTextLineHeight()) / 2.0F}, packed(tokens.text),
                  title.constData());
    const ImVec2 end{corner.x + frame.width, corner.y + height};
    const bool hovered = ImGui::IsMouseHoveringRect({end.x - kOverlayClosePixels, corner.y}, end);
    const ImU32 ink = packed(hovered ? tokens.text : tokens.muted);
    const ImVec2 middle{corner.x + frame.width - kOverlayClosePixels / 2.0F, corner.y + height / 2.0F};
    draw->AddLine({middle.x - 4.0F, middle.y - 4.0F}, {middle.x + 4.0F, middle.y + 4.0F}, ink, 1.5F);
    draw->AddLine({middle.x - 4.0F, middle.y + 4.0F}, {middle.x + 4.0F, middle.y - 4.0F}, ink, 1.5F);
    draw->PopClipRect();
}

void drawSection(const OverlaySection& section, const Tokens& tokens) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour(tokens.accent));
    text(section.title);
    ImGui::PopStyleColor();
    if (!section.note.isEmpty()) mutedText(section.note, tokens);
    if (section.plot) drawPlot(*section.plot, tokens);
    if (section.timeline) drawTimeline(*section.timeline, tokens);
    for (const auto& row : section.rows) drawRow(row, tokens);
    ImGui::Dummy({0.0F, 6.0F});
}

}  // namespace

void setOverlayStyle(const Tokens& tokens) {
    auto& style = ImGui::GetStyle();
    const std::array<std::pair<ImGuiCol, QColor>, 9> colours{{{ImGuiCol_WindowBg, tokens.panel},
                                                              {ImGuiCol_ChildBg, tokens.panel},
                                                              {ImGuiCol_PopupBg, tokens.raised},
                                                              {ImGuiCol_Text, tokens.text},
                                                              {ImGuiCol_Border, tokens.line},
                                                              {ImGuiCol_ScrollbarBg, tokens.panel},
                                                              {ImGuiCol_ScrollbarGrab, tokens.faint},
                                                              {ImGuiCol_ScrollbarGrabHovered, tokens.muted},
                                                              {ImGuiCol_ScrollbarGrabActive, tokens.muted}}};
    for (const auto& [index, value] : colours) style.Colors[index] = colour(value);
    style.WindowRounding = 0.0F;
    style.WindowBorderSize = 1.0F;
    style.WindowPadding = {12.0F, 8.0F};
    style.ItemSpacing = {8.0F, 4.0F};
    style.ScrollbarSize = 8.0F;
}

void drawOverlay(const OverlayContent& content, const OverlayFrame& frame, const Tokens& tokens) {
    constexpr auto kFixed = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                            ImGuiWindowFlags_NoScrollWithMouse;
    ImGui::SetNextWindowPos({0.0F, 0.0F});
    ImGui::SetNextWindowSize({frame.width, frame.height});
    ImGui::Begin("overlay", nullptr, kFixed);
    drawHeader(content, frame, tokens);
    ImGui::SetCursorPos({ImGui::GetStyle().WindowPadding.x, kOverlayHeaderPixels + 6.0F});
    ImGui::BeginChild("body", {0.0F, 0.0F});
    if (frame.scroll != 0.0F) ImGui::SetScrollY(ImGui::GetScrollY() + frame.scroll);
    int number = 0;
    for (const auto& section : content.sections) {
        ImGui::PushID(number++);
        drawSection(section, tokens);
        ImGui::PopID();
    }
    ImGui::EndChild();
    ImGui::End();
}

}  // namespace quantoscope
