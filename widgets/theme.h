// Colours, type and spacing: the one style file of the window.
#pragma once
