"""How much may be sent to this server in one request, in bytes. Each limit is enforced while receiving."""

MIB = 1024 * 1024

AUDIO_MAX_BYTES = 750 * MIB  # a recording: Tavus's own limit
MULTIPART_MAX_BYTES = 4 * MIB  # of an upload's request, besides the recording itself
FORM_MAX_BYTES = 8 * MIB  # a form without its files
CALLBACK_MAX_BYTES = 64 * 1024  # a callback from Tavus
REPLAY_MAX_CHARACTERS = 256 * 1024  # a form kept during reauthentication: the session is rewritten with every change
