#include "app/workbench/model_page/start_view.h"

namespace quantoscope {

StartView::StartView(Session& session, QWidget* parent) : EmptyState({}, {}, {}, parent), session_(session) {
    connect(this, &EmptyState::actionTriggered, this,
            [this] { demo_first_ ? emit openDemoWanted() : emit openModelWanted(); });
    connect(this, &EmptyState::secondActionTriggered, this,
            [this] { demo_first_ ? emit openModelWanted() : emit openDemoWanted(); });
    connect(&session_.models(), &ModelList::changed, this, &StartView::refresh);
    connect(&session_.runs(), &RunCatalog::changed, this, &StartView::refresh);
    connect(&session_.hubCache(), &HubCacheList::changed, this, &StartView::refresh);
    refresh();
}

void StartView::setPreparing(const QString& text) {
    preparing_ = text;
    refresh();
}

void StartView::refresh() {
    const bool preparing = !preparing_.isEmpty();
    if (preparing || session_.models().isOpening()) {
        setText(preparing ? preparing_ : tr("Opening…"),
                preparing ? tr("Its files are copied into your data folder.") : tr("Reading headers."), {});
        setSecondAction({});
        return;
    }
    demo_first_ = session_.runs().folders().empty();  // who has a run knows what this is about
    const int cached = session_.hubCache().openableCount();
    const QString of_cache = cached == 0 ? QString()
                             : cached == 1
                                 ? tr("\nOne more is in your hub cache: File → Open from hub cache.")
                                 : tr("\n%1 more are in your hub cache: File → Open from hub cache.").arg(cached);
    const QString demo = tr("Open the demo");
    const QString model = tr("Open model…");
    if (demo_first_)
        setText(tr("What does quantization do to a model?"),
                tr("The demo shows it in about a minute on a small trained model that comes with the program. Or open "
                   "one of yours: a Hugging Face folder, a GGUF or .safetensors file, also by dropping it here.") +
                    of_cache,
                demo);
    else
        setText(
            tr("No model open"),
            tr("Open a Hugging Face folder, a GGUF file or a .safetensors file, or drop one anywhere on the window.") +
                of_cache,
            model);
    setSecondAction(demo_first_ ? model : demo);
}

}  // namespace quantoscope
