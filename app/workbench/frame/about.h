// About, and the licences of what is inside.
#pragma once

class QWidget;

namespace quantoscope {

void showAbout(QWidget& window);
void showLicences(QWidget& window);

}  // namespace quantoscope
