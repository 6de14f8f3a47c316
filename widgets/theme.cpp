#include "widgets/theme.h"
