# rewind-settings.mk: the points of rewinding that imp-rewind and instability go through.

## Points of rewinding
REWINDS ?= 0 1 2 5 10#	[spans] epochs after which tickets are rewound (500i: iterations)
shared_settings += REWINDS
