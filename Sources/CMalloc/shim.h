// mallopt and malloc_trim, which are not in the Glibc module.
#include <malloc.h>
