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

static bool find_voices(void *library, struct hearsay_sherpa *functions) {
    return find(library, "SherpaOnnxCreateOfflineTts", &functions->open_voice)
        && find(library, "SherpaOnnxDestroyOfflineTts", &functions->close_voice)
        && find(library, "SherpaOnnxOfflineTtsSampleRate", &functions->voice_rate)
        && find(library, "SherpaOnnxOfflineTtsNumSpeakers", &functions->speaker_count)
        && find(library, "SherpaOnnxOfflineTtsGenerateWithConfig", &functions->speak)
        && find(library, "SherpaOnnxDestroyOfflineTtsGeneratedAudio", &functions->release_audio);
}

static bool find_recognisers(void *library, struct hearsay_sherpa *functions) {
    return find(library, "SherpaOnnxCreateOnlineRecognizer", &functions->open_streaming)
        && find(library, "SherpaOnnxDestroyOnlineRecognizer", &functions->close_streaming)
        && find(library, "SherpaOnnxCreateOnlineStream", &functions->begin_streaming)
        && find(library, "SherpaOnnxDestroyOnlineStream", &functions->end_stream)
        && find(library, "SherpaOnnxOnlineStreamAcceptWaveform", &functions->feed_stream)
        && find(library, "SherpaOnnxOnlineStreamInputFinished", &functions->finish_stream)
        && find(library, "SherpaOnnxIsOnlineStreamReady", &functions->can_stream)
        && find(library, "SherpaOnnxDecodeOnlineStream", &functions->step_stream)
        && find(library, "SherpaOnnxGetOnlineStreamResult", &functions->streaming_text)
        && find(library, "SherpaOnnxDestroyOnlineRecognizerResult", &functions->release_streaming_text)
        && find(library, "SherpaOnnxCreateOfflineRecognizer", &functions->open_whole)
        && find(library, "SherpaOnnxOfflineRecognizerSetConfig", &functions->change_whole)
        && find(library, "SherpaOnnxDestroyOfflineRecognizer", &functions->close_whole)
        && find(library, "SherpaOnnxCreateOfflineStream", &functions->begin_whole)
        && find(library, "SherpaOnnxDestroyOfflineStream", &functions->end_whole)
        && find(library, "SherpaOnnxAcceptWaveformOffline", &functions->feed_whole)
        && find(library, "SherpaOnnxDecodeOfflineStream", &functions->read_whole)
        && find(library, "SherpaOnnxGetOfflineStreamResult", &functions->whole_text)
        && find(library, "SherpaOnnxDestroyOfflineRecognizerResult", &functions->release_whole_text);
}

static bool find_helpers(void *library, struct hearsay_sherpa *functions) {
    return find(library, "SherpaOnnxCreateKeywordSpotter", &functions->open_spotter)
        && find(library, "SherpaOnnxDestroyKeywordSpotter", &functions->close_spotter)
        && find(library, "SherpaOnnxCreateKeywordStreamWithKeywords", &functions->begin_spotting)
        && find(library, "SherpaOnnxIsKeywordStreamReady", &functions->can_spot)
        && find(library, "SherpaOnnxDecodeKeywordStream", &functions->step_spotting)
        && find(library, "SherpaOnnxResetKeywordStream", &functions->reset_spotting)
        && find(library, "SherpaOnnxGetKeywordResult", &functions->spotted)
        && find(library, "SherpaOnnxDestroyKeywordResult", &functions->release_spotted)
        && find(library, "SherpaOnnxCreateOfflinePunctuation", &functions->open_whole_punctuation)
        && find(library, "SherpaOnnxDestroyOfflinePunctuation", &functions->close_whole_punctuation)
        && find(library, "SherpaOfflinePunctuationAddPunct", &functions->punctuate_whole)
        && find(library, "SherpaOfflinePunctuationFreeText", &functions->release_whole_punctuated)
        && find(library, "SherpaOnnxCreateOnlinePunctuation", &functions->open_streaming_punctuation)
        && find(library, "SherpaOnnxDestroyOnlinePunctuation", &functions->close_streaming_punctuation)
        && find(library, "SherpaOnnxOnlinePunctuationAddPunct", &functions->punctuate_streaming)
        && find(library, "SherpaOnnxOnlinePunctuationFreeText", &functions->release_streaming_punctuated)
        && find(library, "SherpaOnnxCreateOnlineSpeechDenoiser", &functions->open_denoiser)
        && find(library, "SherpaOnnxDestroyOnlineSpeechDenoiser", &functions->close_denoiser)
        && find(library, "SherpaOnnxOnlineSpeechDenoiserGetSampleRate", &functions->denoiser_rate)
        && find(library, "SherpaOnnxOnlineSpeechDenoiserRun", &functions->denoise)
        && find(library, "SherpaOnnxOnlineSpeechDenoiserFlush", &functions->flush_denoiser)
        && find(library, "SherpaOnnxOnlineSpeechDenoiserReset", &functions->reset_denoiser)
        && find(library, "SherpaOnnxDestroyDenoisedAudio", &functions->release_denoised);
}

const char *hearsay_sherpa_open(const char *path, struct hearsay_sherpa *functions) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    const bool found = find(library, "SherpaOnnxGetVersionStr", &functions->version)
        && find_voices(library, functions) && find_recognisers(library, functions)
        && find_helpers(library, functions);
    return found ? NULL : dlerror();
}
