#include "app/workbench/workbench.h"

#include <QApplication>

namespace quantoscope {

int runWorkbench(int argument_count, char** arguments) {
    const QApplication application(argument_count, arguments);
    return 0;
}

}  // namespace quantoscope
