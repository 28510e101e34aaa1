/* version.h -- which quoted this is; daemon and client are of one version or say so. */
#ifndef WIRE_VERSION_H
#define WIRE_VERSION_H

#define QUOTED_VERSION "0.1.0"

#endif
