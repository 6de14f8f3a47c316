// A panel over the window's pages, drawn with Dear ImGui on OpenGL. It covers only itself, so everything beside it
// works as ever, and it draws only when its content or the mouse changes.
#pragma once

#include <QElapsedTimer>
#include <QOpenGLWidget>
#include <memory>

#include "widgets/overlay/overlay_content.h"

struct ImGuiContext;

namespace quantoscope {

/// Why there can be no overlay here, in one sentence; empty when there can.
QString overlayProblem();

class OverlayPanel : public QOpenGLWidget {
    Q_OBJECT
public:
    /// Lies over `window`, at its upper right; drag the header to move it. Only where overlayProblem() is empty.
    explicit OverlayPanel(QWidget* window);
    ~OverlayPanel() override;

    /// Is OpenGL itself drawn by the processor here? Known once the panel has been drawn; frames are slow then.
    bool isDrawnByProcessor() const { return software_; }
    void setContent(std::shared_ptr<const OverlayContent> content);

signals:
    void closeWanted();

protected:
    void initializeGL() override;
    void paintGL() override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void release();
    void loadFont();
    void passMouse(const QMouseEvent& event);
    void moveTo(QPoint corner);
    void placeInWindow();
    bool onClose(QPoint position) const;
    void redraw();

    std::shared_ptr<const OverlayContent> content_;
    ImGuiContext* imgui_ = nullptr;
    QElapsedTimer since_frame_;
    QPoint grip_{-1, -1};         ///< where the header is held; negative: it is not
    QPoint from_corner_{-1, -1};  ///< distance of its right upper corner to the window's; negative: not moved yet
    bool software_ = false;
    bool closing_ = false;  ///< the close button is held
    float scroll_ = 0.0F;
    int frames_left_ = 0;
};

}  // namespace quantoscope
