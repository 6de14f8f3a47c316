#include "widgets/overlay/overlay_panel.h"

#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <QFile>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QWheelEvent>
#include <algorithm>
#include <array>

#include "widgets/overlay/overlay_draw.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

constexpr QSize kPanelSize{460, 620};
constexpr int kMargin = 16;
constexpr int kTop = 88;    // below the menu and the mode bar
constexpr int kFrames = 3;  // ImGui needs some to settle after an input
constexpr float kStep = 40.0F;
constexpr std::array<int, 2> kOldestOpenGl{3, 0};

/// Where Debian and most others put the window's font; ImGui reads files, not Qt's fonts.
QString fontFile() {
    for (const auto* path :
         {"/usr/share/fonts/opentype/inter/Inter-Regular.otf", "/usr/share/fonts/inter/Inter-Regular.otf",
          "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf"})
        if (QFile::exists(QLatin1String(path))) return QLatin1String(path);
    return {};
}

}  // namespace

QString overlayProblem() {
    QString none = OverlayPanel::tr("The performance overlay needs OpenGL 3, which is not available on this display.");
    // Qt can make a context for these platforms but has no way to put its picture into a window.
    const QString platform = QGuiApplication::platformName();
    for (const auto* without : {"offscreen", "minimal", "vnc", "linuxfb"})
        if (platform == QLatin1String(without)) return none;
    QOpenGLContext context;
    QOffscreenSurface surface;
    if (!context.create() || context.isOpenGLES()) return none;
    surface.setFormat(context.format());
    surface.create();
    if (!surface.isValid() || !context.makeCurrent(&surface)) return none;
    const auto version = context.format().version();
    context.doneCurrent();
    return version >= std::pair(kOldestOpenGl[0], kOldestOpenGl[1]) ? QString() : none;
}

OverlayPanel::OverlayPanel(QWidget* window) : QOpenGLWidget(window) {
    setObjectName(QStringLiteral("performance_overlay"));
    setAccessibleName(tr("Performance overlay"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    resize(kPanelSize);
    window->installEventFilter(this);
    placeInWindow();
}

OverlayPanel::~OverlayPanel() {
    release();
}

void OverlayPanel::setContent(std::shared_ptr<const OverlayContent> content) {
    content_ = std::move(content);
    setAccessibleDescription(overlayText(*content_));
    if (isVisible()) update();
}

void OverlayPanel::initializeGL() {
    release();  // of a context that was lost, as when the panel goes to another window
    IMGUI_CHECKVERSION();
    imgui_ = ImGui::CreateContext();
    ImGui::SetCurrentContext(imgui_);
    auto& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    loadFont();
    ImGui_ImplOpenGL3_Init();
    const auto* name = reinterpret_cast<const char*>(context()->functions()->glGetString(GL_RENDERER));
    const QString renderer = QString::fromLatin1(name);
    for (const auto* software : {"llvmpipe", "softpipe", "swrast", "SwiftShader"})
        software_ = software_ || renderer.contains(QLatin1String(software), Qt::CaseInsensitive);
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &OverlayPanel::release, Qt::UniqueConnection);
}

void OverlayPanel::release() {
    if (imgui_ == nullptr) return;
    makeCurrent();
    ImGui::SetCurrentContext(imgui_);
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(imgui_);
    imgui_ = nullptr;
    doneCurrent();
}

void OverlayPanel::loadFont() {
    static constexpr std::array<ImWchar, 7> kGlyphs{0x20, 0x17F, 0x2010, 0x2044, 0x2190, 0x2265, 0};
    auto& io = ImGui::GetIO();
    const auto scale = static_cast<float>(devicePixelRatioF());
    const QByteArray file = QFile::encodeName(fontFile());
    // Drawn at the display's resolution, laid out in logical pixels.
    if (!file.isEmpty())
        io.Fonts->AddFontFromFileTTF(file.constData(), static_cast<float>(kTextPixels + 2) * scale, nullptr,
                                     kGlyphs.data());
    else
        io.Fonts->AddFontDefault();
    io.FontGlobalScale = file.isEmpty() ? 1.0F : 1.0F / scale;
}

void OverlayPanel::paintGL() {
    const auto& tokens = tokensOf(this);
    auto* gl = context()->functions();
    gl->glClearColor(tokens.panel.redF(), tokens.panel.greenF(), tokens.panel.blueF(), 1.0F);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    if (!content_) return;
    ImGui::SetCurrentContext(imgui_);
    auto& io = ImGui::GetIO();
    const auto scale = static_cast<float>(devicePixelRatioF());
    io.DisplaySize = {static_cast<float>(width()), static_cast<float>(height())};
    io.DisplayFramebufferScale = {scale, scale};
    const float seconds = since_frame_.isValid() ? static_cast<float>(since_frame_.restart()) * 1e-3F : 0.0F;
    if (!since_frame_.isValid()) since_frame_.start();
    io.DeltaTime = std::max(seconds, 1e-3F);
    setOverlayStyle(tokens);
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    drawOverlay(*content_, {io.DisplaySize.x, io.DisplaySize.y, std::exchange(scroll_, 0.0F)}, tokens);
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    if (frames_left_ > 0 && --frames_left_ > 0) update();
}

void OverlayPanel::redraw() {
    frames_left_ = kFrames;
    update();
}

bool OverlayPanel::event(QEvent* event) {
    // Escape closes the panel while it has the keyboard; elsewhere it is the window's.
    if (event->type() == QEvent::ShortcutOverride && dynamic_cast<QKeyEvent&>(*event).key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QOpenGLWidget::event(event);
}

bool OverlayPanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parentWidget() && event->type() == QEvent::Resize) placeInWindow();
    return QOpenGLWidget::eventFilter(watched, event);
}

void OverlayPanel::keyPressEvent(QKeyEvent* event) {
    const bool page = event->key() == Qt::Key_PageDown || event->key() == Qt::Key_PageUp;
    const float step = page ? static_cast<float>(height()) * 0.8F : kStep;
    if (event->key() == Qt::Key_Escape)
        emit closeWanted();
    else if (event->key() == Qt::Key_Down || event->key() == Qt::Key_PageDown)
        scroll_ = step;
    else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_PageUp)
        scroll_ = -step;
    else
        return QOpenGLWidget::keyPressEvent(event);
    redraw();
}

void OverlayPanel::passMouse(const QMouseEvent& event) {
    if (imgui_ == nullptr) return;
    ImGui::SetCurrentContext(imgui_);
    auto& io = ImGui::GetIO();
    io.MousePos = {static_cast<float>(event.position().x()), static_cast<float>(event.position().y())};
    io.MouseDown[0] = event.buttons().testFlag(Qt::LeftButton);
    redraw();
}

bool OverlayPanel::onClose(QPoint position) const {
    return QRect(width() - kOverlayClosePixels, 0, kOverlayClosePixels, kOverlayHeaderPixels).contains(position);
}

void OverlayPanel::mousePressEvent(QMouseEvent* event) {
    passMouse(*event);
    const QPoint at = event->position().toPoint();
    closing_ = onClose(at);
    if (at.y() < kOverlayHeaderPixels && !closing_) grip_ = at;
    event->accept();  // nothing below the panel hears of it
}

void OverlayPanel::mouseMoveEvent(QMouseEvent* event) {
    passMouse(*event);
    if (grip_.x() >= 0) moveTo(mapToParent(event->position().toPoint()) - grip_);
    event->accept();
}

void OverlayPanel::mouseReleaseEvent(QMouseEvent* event) {
    passMouse(*event);
    grip_ = {-1, -1};
    event->accept();
    if (std::exchange(closing_, false) && onClose(event->position().toPoint())) emit closeWanted();
}

void OverlayPanel::wheelEvent(QWheelEvent* event) {
    scroll_ -= static_cast<float>(event->angleDelta().y()) / 120.0F * kStep;
    redraw();
    event->accept();
}

void OverlayPanel::leaveEvent(QEvent* event) {
    QOpenGLWidget::leaveEvent(event);
    if (imgui_ == nullptr) return;
    ImGui::SetCurrentContext(imgui_);
    ImGui::GetIO().MousePos = {-1.0F, -1.0F};
    redraw();
}

void OverlayPanel::changeEvent(QEvent* event) {
    QOpenGLWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

void OverlayPanel::moveTo(QPoint corner) {
    const QSize room = parentWidget()->size() - size();
    const QPoint held(std::clamp(corner.x(), 0, std::max(0, room.width())),
                      std::clamp(corner.y(), 0, std::max(0, room.height())));
    move(held);
    from_corner_ = {room.width() - held.x(), held.y()};
}

void OverlayPanel::placeInWindow() {
    const QSize window = parentWidget()->size();
    resize(std::min(kPanelSize.width(), window.width() - 2 * kMargin),
           std::min(kPanelSize.height(), window.height() - kTop - 2 * kMargin));
    const QPoint away = from_corner_.x() >= 0 ? from_corner_ : QPoint(kMargin, kTop);
    move(std::max(0, window.width() - width() - away.x()), std::max(0, std::min(away.y(), window.height() - height())));
}

}  // namespace quantoscope
