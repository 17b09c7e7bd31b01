#include "CSherpa.h"

#include <dlfcn.h>
#include <string.h>

static bool find(void *library, const char *name, void *place) {
    void *function = dlsym(library, name);
    if (!function) return false;
    // A function's address has the size of a pointer (POSIX, dlsym).
    memcpy(place, &function, sizeof function);
    return true;
}

const char *hearsay_sherpa_open(const char *path, struct hearsay_sherpa *functions) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    const bool found = find(library, "SherpaOnnxGetVersionStr", &functions->version)
        && find(library, "SherpaOnnxCreateOfflineTts", &functions->open_voice)
        && find(library, "SherpaOnnxDestroyOfflineTts", &functions->close_voice)
        && find(library, "SherpaOnnxOfflineTtsSampleRate", &functions->voice_rate)
        && find(library, "SherpaOnnxOfflineTtsNumSpeakers", &functions->speaker_count)
        && find(library, "SherpaOnnxOfflineTtsGenerateWithConfig", &functions->speak)
        && find(library, "SherpaOnnxDestroyOfflineTtsGeneratedAudio", &functions->release_audio);
    return found ? NULL : dlerror();
}
