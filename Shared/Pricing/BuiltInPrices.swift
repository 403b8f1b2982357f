extension ModelPrice {
    /// The prices that Bennu comes with, as their makers publish them.
    public static let builtIn: [ModelPrice] = PriceList.models(builtInPrices)
}

// One model a line, its fields parted by a space:
// - the name;
// - the pattern for names of spans, or `=` for the name itself, or `/` for what stands behind the name's first slash;
// - the provider, or `-` for any;
// - prices in dollars for a million tokens: `i` input, `r` cache_read, `w` cache_write and `a` audio of the prompt, `o`
//   output and `A` audio of the completion; behind `>200000`, those for prompts of more than so many tokens.
// The number of the line is the model's id, which is stored with the spans that it was charged for: new models go to the
// end, and none goes away. A line that ends in `\#` goes on in the next.
private let builtInPrices = #"""
    chatgpt-4o-latest = - i=5 o=15
    claude-3-7-sonnet-20250219 \#
    claude-3.7-sonnet-20250219|anthropic\.claude-3.7-sonnet-20250219-v1:0|claude-3-7-sonnet-V1@20250219 - \#
    i=3 o=15 r=0.3 w=3.75
    claude-3-haiku-20240307 \#
    claude-3-haiku-20240307|anthropic\.claude-3-haiku-20240307-v1:0|claude-3-haiku@20240307 - \#
    i=0.25 o=1.25 r=0.03 w=0.3
    claude-3-opus-20240229 \#
    claude-3-opus-20240229|anthropic\.claude-3-opus-20240229-v1:0|claude-3-opus@20240229 - i=15 o=75 r=1.5 w=18.75
    claude-4-opus-20250514 = - i=15 o=75 r=1.5 w=18.75
    claude-4-sonnet-20250514 = - i=3 o=15 r=0.3 w=3.75 >200000 i=6 o=22.5 r=0.6 w=7.5
    claude-fable-5 = - i=10 o=50 r=1 w=12.5
    claude-haiku-4-5 = - i=1 o=5 r=0.1 w=1.25
    claude-haiku-4-5-20251001 = - i=1 o=5 r=0.1 w=1.25
    claude-mythos-5 = - i=10 o=50 r=1 w=12.5
    claude-mythos-preview = - i=10 o=50 r=1 w=12.5
    claude-opus-4-1 = - i=15 o=75 r=1.5 w=18.75
    claude-opus-4-1-20250805 = - i=15 o=75 r=1.5 w=18.75
    claude-opus-4-20250514 = - i=15 o=75 r=1.5 w=18.75
    claude-opus-4-5 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-4-5-20251101 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-4-6 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-4-6-20260205 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-4-7 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-4-7-20260416 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-4-8 = - i=5 o=25 r=0.5 w=6.25
    claude-opus-5 = - i=5 o=25 r=0.5 w=6.25
    claude-sonnet-4-20250514 \#
    claude-sonnet-4-20250514|anthropic\.claude-sonnet-4-20250514-v1:0|claude-sonnet-4@20250514 - \#
    i=3 o=15 r=0.3 w=3.75 >200000 i=6 o=22.5 r=0.6 w=7.5
    claude-sonnet-4-5 = - i=3 o=15 r=0.3 w=3.75 >200000 i=6 o=22.5 r=0.6 w=7.5
    claude-sonnet-4-5-20250929 = - i=3 o=15 r=0.3 w=3.75 >200000 i=6 o=22.5 r=0.6 w=7.5
    claude-sonnet-4-5-20250929-v1:0 = - i=3 o=15 r=0.3 w=3.75 >200000 i=6 o=22.5 r=0.6 w=7.5
    claude-sonnet-4-6 = - i=3 o=15 r=0.3 w=3.75
    claude-sonnet-5 = - i=2 o=10 r=0.2 w=2.5
    gemini-2.0-flash gemini-2.0-flash(@[a-zA-Z0-9]+)? - i=0.1 o=0.4 r=0.025 a=0.7
    gemini-2.0-flash-001 gemini-2.0-flash-001(@[a-zA-Z0-9]+)? - i=0.15 o=0.6 r=0.0375 a=1
    gemini-2.0-flash-lite gemini-2.0-flash-lite(@[a-zA-Z0-9]+)? - i=0.075 o=0.3 r=0.01875 a=0.075
    gemini-2.0-flash-lite-001 = - i=0.075 o=0.3 r=0.01875 a=0.075
    gemini-2.5-computer-use-preview-10-2025 = - i=1.25 o=10 >200000 i=2.5 o=15
    gemini-2.5-flash gemini-2.5-flash(@[a-zA-Z0-9]+)? - i=0.3 o=2.5 r=0.03 a=1
    gemini-2.5-flash-image = - i=0.3 o=2.5 r=0.03 a=1
    gemini-2.5-flash-lite = - i=0.1 o=0.4 r=0.01 a=0.3
    gemini-2.5-flash-lite-preview-06-17 = - i=0.1 o=0.4 r=0.025 a=0.5
    gemini-2.5-flash-lite-preview-09-2025 = - i=0.1 o=0.4 r=0.01 a=0.3
    gemini-2.5-flash-native-audio-latest = - i=0.3 o=2.5 a=1
    gemini-2.5-flash-native-audio-preview-09-2025 = - i=0.3 o=2.5 a=1
    gemini-2.5-flash-native-audio-preview-12-2025 = - i=0.3 o=2.5 a=1
    gemini-2.5-flash-preview-09-2025 = - i=0.3 o=2.5 r=0.075 a=1
    gemini-2.5-flash-preview-tts = - i=0.3 o=2.5
    gemini-2.5-pro gemini-2.5-pro(@[a-zA-Z0-9]+)? - i=1.25 o=10 r=0.125 >200000 i=2.5 o=15 r=0.25
    gemini-2.5-pro-preview-tts = - i=1.25 o=10 r=0.125 a=0.7 >200000 i=2.5 o=15 r=0.25
    gemini-3-flash-preview = - i=0.5 o=3 r=0.05 a=1
    gemini-3-pro-image = - i=2 o=12
    gemini-3-pro-image-preview = - i=2 o=12
    gemini-3-pro-preview = - i=2 o=12 r=0.2 >200000 i=4 o=18 r=0.4
    gemini-3.1-flash-image = - i=0.5 o=3
    gemini-3.1-flash-image-preview = - i=0.5 o=3
    gemini-3.1-flash-lite = - i=0.25 o=1.5 r=0.025 a=0.5
    gemini-3.1-flash-lite-image = - i=0.25 o=1.5
    gemini-3.1-flash-lite-preview = - i=0.25 o=1.5 r=0.025 a=0.5
    gemini-3.1-flash-live-preview = - i=0.75 o=4.5 a=3 A=12
    gemini-3.1-pro-preview = - i=2 o=12 r=0.2 >200000 i=4 o=18 r=0.4
    gemini-3.1-pro-preview-customtools = - i=2 o=12 r=0.2 >200000 i=4 o=18 r=0.4
    gemini-3.5-flash = - i=1.5 o=9 r=0.15 a=1.5
    gemini-3.5-flash-lite = - i=0.3 o=2.5 r=0.03
    gemini-3.6-flash = - i=0.75 o=3.75 r=0.075
    gemini-3.7-flash = - i=0.75 o=3.75 r=0.075
    gemini-exp-1206 = - i=0.3 o=2.5 r=0.03 a=1
    gemini-flash-latest = - i=0.3 o=2.5 r=0.03 a=1
    gemini-flash-lite-latest = - i=0.1 o=0.4 r=0.01 a=0.3
    gemini-live-2.5-flash-preview-native-audio-09-2025 = - i=0.3 o=2 r=0.075 a=3 A=12
    gemini-omni-flash-preview = - i=1.5 o=9 a=1.5
    gemini-robotics-er-1.5-preview = - i=0.3 o=2.5 a=1
    gpt-3.5-turbo gpt-(35|3.5)-turbo - i=0.5 o=1.5
    gpt-3.5-turbo-0125 gpt-(35|3.5)-turbo-0125 - i=0.5 o=1.5
    gpt-3.5-turbo-1106 gpt-(35|3.5)-turbo-1106 - i=1 o=2
    gpt-3.5-turbo-16k gpt-(35|3.5)-turbo-16k - i=3 o=4
    gpt-3.5-turbo-instruct gpt-(35|3.5)-turbo-instruct - i=1.5 o=2
    gpt-3.5-turbo-instruct-0914 = - i=1.5 o=2
    gpt-4 = - i=30 o=60
    gpt-4-0125-preview = - i=10 o=30
    gpt-4-0314 = - i=30 o=60
    gpt-4-0613 = - i=30 o=60
    gpt-4-1106-preview = - i=10 o=30
    gpt-4-turbo = - i=10 o=30
    gpt-4-turbo-2024-04-09 = - i=10 o=30
    gpt-4-turbo-preview = - i=10 o=30
    gpt-4.1 gpt-4.1 - i=2 o=8 r=0.5
    gpt-4.1-2025-04-14 = - i=2 o=8 r=0.5
    gpt-4.1-mini = - i=0.4 o=1.6 r=0.1
    gpt-4.1-mini-2025-04-14 = - i=0.4 o=1.6 r=0.1
    gpt-4.1-nano = - i=0.1 o=0.4 r=0.025
    gpt-4.1-nano-2025-04-14 = - i=0.1 o=0.4 r=0.025
    gpt-4o = - i=2.5 o=10 r=1.25
    gpt-4o-2024-05-13 = - i=5 o=15
    gpt-4o-2024-08-06 = - i=2.5 o=10 r=1.25
    gpt-4o-2024-11-20 = - i=2.5 o=10 r=1.25
    gpt-4o-audio-preview = - i=2.5 o=10 a=40 A=80
    gpt-4o-audio-preview-2024-12-17 = - i=2.5 o=10 a=40 A=80
    gpt-4o-audio-preview-2025-06-03 = - i=2.5 o=10 a=40 A=80
    gpt-4o-mini = - i=0.15 o=0.6 r=0.075
    gpt-4o-mini-2024-07-18 = - i=0.15 o=0.6 r=0.075
    gpt-4o-mini-audio-preview = - i=0.15 o=0.6 a=10 A=20
    gpt-4o-mini-audio-preview-2024-12-17 = - i=0.15 o=0.6 a=10 A=20
    gpt-4o-mini-realtime-preview = - i=0.6 o=2.4 r=0.3 a=10 A=20
    gpt-4o-mini-realtime-preview-2024-12-17 = - i=0.6 o=2.4 r=0.3 a=10 A=20
    gpt-4o-mini-search-preview = - i=0.15 o=0.6 r=0.075
    gpt-4o-mini-search-preview-2025-03-11 = - i=0.15 o=0.6 r=0.075
    gpt-4o-mini-transcribe = - i=1.25 o=5 a=1.25
    gpt-4o-mini-transcribe-2025-03-20 = - i=1.25 o=5 a=1.25
    gpt-4o-mini-transcribe-2025-12-15 = - i=1.25 o=5 a=1.25
    gpt-4o-mini-tts = - i=2.5 o=10 A=12
    gpt-4o-mini-tts-2025-03-20 = - i=2.5 o=10 A=12
    gpt-4o-mini-tts-2025-12-15 = - i=2.5 o=10 A=12
    gpt-4o-realtime-preview = - i=5 o=20 r=2.5 a=40 A=80
    gpt-4o-realtime-preview-2024-12-17 = - i=5 o=20 r=2.5 a=40 A=80
    gpt-4o-realtime-preview-2025-06-03 = - i=5 o=20 r=2.5 a=40 A=80
    gpt-4o-search-preview = - i=2.5 o=10 r=1.25
    gpt-4o-search-preview-2025-03-11 = - i=2.5 o=10 r=1.25
    gpt-4o-transcribe = - i=2.5 o=10 a=2.5
    gpt-4o-transcribe-diarize = - i=2.5 o=10 a=2.5
    gpt-5 = - i=1.25 o=10 r=0.125
    gpt-5-2025-08-07 = - i=1.25 o=10 r=0.125
    gpt-5-chat = - i=1.25 o=10 r=0.125
    gpt-5-chat-latest = - i=1.25 o=10 r=0.125
    gpt-5-codex = - i=1.25 o=10 r=0.125
    gpt-5-mini = - i=0.25 o=2 r=0.025
    gpt-5-mini-2025-08-07 = - i=0.25 o=2 r=0.025
    gpt-5-nano = - i=0.05 o=0.4 r=0.005
    gpt-5-nano-2025-08-07 = - i=0.05 o=0.4 r=0.005
    gpt-5-pro = - i=15 o=120
    gpt-5-pro-2025-10-06 = - i=15 o=120
    gpt-5-search-api = - i=1.25 o=10 r=0.125
    gpt-5-search-api-2025-10-14 = - i=1.25 o=10 r=0.125
    gpt-5.1 = - i=1.25 o=10 r=0.125
    gpt-5.1-2025-11-13 = - i=1.25 o=10 r=0.125
    gpt-5.1-chat-latest = - i=1.25 o=10 r=0.125
    gpt-5.1-codex = - i=1.25 o=10 r=0.125
    gpt-5.1-codex-max = - i=1.25 o=10 r=0.125
    gpt-5.1-codex-mini = - i=0.25 o=2 r=0.025
    gpt-5.2 = - i=1.75 o=14 r=0.175
    gpt-5.2-2025-12-11 = - i=1.75 o=14 r=0.175
    gpt-5.2-chat-latest = - i=1.75 o=14 r=0.175
    gpt-5.2-codex = - i=1.75 o=14 r=0.175
    gpt-5.2-pro = - i=21 o=168
    gpt-5.2-pro-2025-12-11 = - i=21 o=168
    gpt-5.3-chat-latest = - i=1.75 o=14 r=0.175
    gpt-5.3-codex = - i=1.75 o=14 r=0.175
    gpt-5.4 = - i=2.5 o=15 r=0.25 >272000 i=5 o=22.5 r=0.5
    gpt-5.4-2026-03-05 = - i=2.5 o=15 r=0.25 >272000 i=5 o=22.5 r=0.5
    gpt-5.4-mini = - i=0.75 o=4.5 r=0.075
    gpt-5.4-mini-2026-03-17 = - i=0.75 o=4.5 r=0.075
    gpt-5.4-nano = - i=0.2 o=1.25 r=0.02
    gpt-5.4-nano-2026-03-17 = - i=0.2 o=1.25 r=0.02
    gpt-5.4-pro = - i=30 o=180 r=3 >272000 i=60 o=270 r=6
    gpt-5.4-pro-2026-03-05 = - i=30 o=180 r=3 >272000 i=60 o=270 r=6
    gpt-5.5 = - i=5 o=30 r=0.5 >272000 i=10 o=45 r=1
    gpt-5.5-2026-04-23 = - i=5 o=30 r=0.5 >272000 i=10 o=45 r=1
    gpt-5.5-pro = - i=30 o=180 r=3 >272000 i=60 o=270 r=6
    gpt-5.5-pro-2026-04-23 = - i=30 o=180 r=3 >272000 i=60 o=270 r=6
    gpt-5.6 = - i=5 o=30 r=0.5 w=6.25 >272000 i=10 o=45 r=1 w=12.5
    gpt-5.6-cyber = - i=12.5 o=75 r=1.25 w=15.625 >272000 i=25 o=112.5 r=2.5 w=31.25
    gpt-5.6-luna = - i=0.2 o=1.2 r=0.02 w=0.25 >272000 i=0.4 o=1.8 r=0.04 w=0.5
    gpt-5.6-sol = - i=5 o=30 r=0.5 w=6.25 >272000 i=10 o=45 r=1 w=12.5
    gpt-5.6-terra = - i=2 o=12 r=0.2 w=2.5 >272000 i=4 o=18 r=0.4 w=5
    gpt-audio = - i=2.5 o=10 a=32 A=64
    gpt-audio-1.5 = - i=2.5 o=10 a=32 A=64
    gpt-audio-2025-08-28 = - i=2.5 o=10 a=32 A=64
    gpt-audio-mini = - i=0.6 o=2.4 a=10 A=20
    gpt-audio-mini-2025-10-06 = - i=0.6 o=2.4 a=10 A=20
    gpt-audio-mini-2025-12-15 = - i=0.6 o=2.4 a=10 A=20
    gpt-image-1.5 = - i=5 o=10 r=1.25
    gpt-image-1.5-2025-12-16 = - i=5 o=10 r=1.25
    gpt-image-2 = - i=5 o=10 r=1.25
    gpt-image-2-2026-04-21 = - i=5 o=10 r=1.25
    gpt-realtime = - i=4 o=16 r=0.4 a=32 A=64
    gpt-realtime-1.5 = - i=4 o=16 r=0.4 a=32 A=64
    gpt-realtime-2 = - i=4 o=16 r=0.4 a=32 A=64
    gpt-realtime-2.1 = - i=4 o=24 r=0.4 a=32 A=64
    gpt-realtime-2.1-mini = - i=0.6 o=2.4 r=0.06 a=10 A=20
    gpt-realtime-2025-08-28 = - i=4 o=16 r=0.4 a=32 A=64
    gpt-realtime-mini = - i=0.6 o=2.4 a=10 A=20
    gpt-realtime-mini-2025-10-06 = - i=0.6 o=2.4 r=0.06 a=10 A=20
    gpt-realtime-mini-2025-12-15 = - i=0.6 o=2.4 r=0.06 a=10 A=20
    o1 = - i=15 o=60 r=7.5
    o1-2024-12-17 = - i=15 o=60 r=7.5
    o1-pro = - i=150 o=600
    o1-pro-2025-03-19 = - i=150 o=600
    o3 = - i=2 o=8 r=0.5
    o3-2025-04-16 = - i=2 o=8 r=0.5
    o3-deep-research = - i=10 o=40 r=2.5
    o3-deep-research-2025-06-26 = - i=10 o=40 r=2.5
    o3-mini = - i=1.1 o=4.4 r=0.55
    o3-mini-2025-01-31 = - i=1.1 o=4.4 r=0.55
    o3-pro = - i=20 o=80
    o3-pro-2025-06-10 = - i=20 o=80
    o4-mini = - i=1.1 o=4.4 r=0.275
    o4-mini-2025-04-16 = - i=1.1 o=4.4 r=0.275
    o4-mini-deep-research = - i=2 o=8 r=0.5
    o4-mini-deep-research-2025-06-26 = - i=2 o=8 r=0.5
    openai.gpt-oss-120b-1:0 = - i=0.15 o=0.6
    openai.gpt-oss-20b-1:0 = - i=0.07 o=0.3
    openai.gpt-oss-safeguard-120b = - i=0.15 o=0.6
    openai.gpt-oss-safeguard-20b = - i=0.07 o=0.2
    cerebras/gpt-oss-120b / cerebras i=0.35 o=0.75
    cerebras/llama-3.3-70b / cerebras i=0.85 o=1.2
    cerebras/llama3.1-70b / cerebras i=0.6 o=0.6
    cerebras/llama3.1-8b / cerebras i=0.1 o=0.1
    cerebras/qwen-3-32b / cerebras i=0.4 o=0.8
    cerebras/zai-glm-4.6 / cerebras i=2.25 o=2.75
    cerebras/zai-glm-4.7 / cerebras i=2.25 o=2.75
    groq/gemma-7b-it / groq i=0.05 o=0.08
    groq/llama-3.1-8b-instant / groq i=0.05 o=0.08
    groq/llama-3.3-70b-versatile / groq i=0.59 o=0.79
    groq/meta-llama/llama-4-maverick-17b-128e-instruct / groq i=0.2 o=0.6
    groq/meta-llama/llama-4-scout-17b-16e-instruct / groq i=0.11 o=0.34
    groq/meta-llama/llama-guard-4-12b / groq i=0.2 o=0.2
    groq/meta-llama/llama-prompt-guard-2-22m / groq i=0.03 o=0.03
    groq/meta-llama/llama-prompt-guard-2-86m / groq i=0.04 o=0.04
    groq/moonshotai/kimi-k2-instruct-0905 / groq i=1 o=3 r=0.5
    groq/openai/gpt-oss-120b / groq i=0.15 o=0.6 r=0.075
    groq/openai/gpt-oss-20b / groq i=0.075 o=0.3 r=0.0375
    groq/openai/gpt-oss-safeguard-20b / groq i=0.075 o=0.3 r=0.037
    groq/qwen/qwen3-32b / groq i=0.29 o=0.59
    groq/qwen/qwen3.6-27b / groq i=0.6 o=3
    moonshot/kimi-k2-0711-preview / - i=0.6 o=2.5 r=0.15
    moonshot/kimi-k2-0905-preview / - i=0.6 o=2.5 r=0.15
    moonshot/kimi-k2-thinking / - i=0.6 o=2.5 r=0.15
    moonshot/kimi-k2-thinking-turbo / - i=1.15 o=8 r=0.15
    moonshot/kimi-k2-turbo-preview / - i=1.15 o=8 r=0.15
    moonshot/kimi-k2.5 / - i=0.6 o=3 r=0.1
    moonshot/kimi-k2.6 / - i=0.95 o=4 r=0.16
    moonshot/kimi-k3 / - i=3 o=15 r=0.3
    moonshot/kimi-latest / - i=2 o=5 r=0.15
    moonshot/kimi-latest-128k / - i=2 o=5 r=0.15
    moonshot/kimi-latest-32k / - i=1 o=3 r=0.15
    moonshot/kimi-latest-8k / - i=0.2 o=2 r=0.15
    moonshot/kimi-thinking-preview / - i=0.6 o=2.5 r=0.15
    moonshot/moonshot-v1-128k / - i=2 o=5
    moonshot/moonshot-v1-128k-0430 / - i=2 o=5
    moonshot/moonshot-v1-128k-vision-preview / - i=2 o=5
    moonshot/moonshot-v1-32k / - i=1 o=3
    moonshot/moonshot-v1-32k-0430 / - i=1 o=3
    moonshot/moonshot-v1-32k-vision-preview / - i=1 o=3
    moonshot/moonshot-v1-8k / - i=0.2 o=2
    moonshot/moonshot-v1-8k-0430 / - i=0.2 o=2
    moonshot/moonshot-v1-8k-vision-preview / - i=0.2 o=2
    moonshot/moonshot-v1-auto / - i=2 o=5
    perplexity/sonar / - i=1 o=1
    perplexity/sonar-deep-research / - i=2 o=8
    perplexity/sonar-medium-chat / - i=0.6 o=1.8
    perplexity/sonar-medium-online / - o=1.8
    perplexity/sonar-pro / - i=3 o=15
    perplexity/sonar-reasoning / - i=1 o=5
    perplexity/sonar-reasoning-pro / - i=2 o=8
    perplexity/sonar-small-chat / - i=0.07 o=0.28
    perplexity/sonar-small-online / - o=0.28
    together_ai/Qwen/Qwen3-235B-A22B-Instruct-2507-tput / together i=0.2 o=6
    together_ai/Qwen/Qwen3-235B-A22B-Thinking-2507 / together i=0.65 o=3
    together_ai/Qwen/Qwen3-235B-A22B-fp8-tput / together i=0.2 o=0.6
    together_ai/Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8 / together i=2 o=2
    together_ai/Qwen/Qwen3-Next-80B-A3B-Instruct / together i=0.15 o=1.5
    together_ai/Qwen/Qwen3-Next-80B-A3B-Thinking / together i=0.15 o=1.5
    together_ai/Qwen/Qwen3.5-397B-A17B / together i=0.6 o=3.6
    together_ai/deepseek-ai/DeepSeek-R1 / together i=3 o=7
    together_ai/deepseek-ai/DeepSeek-R1-0528-tput / together i=0.55 o=2.19
    together_ai/deepseek-ai/DeepSeek-V3 / together i=1.25 o=1.25
    together_ai/deepseek-ai/DeepSeek-V3.1 / together i=0.6 o=1.7
    together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo / together i=0.88 o=0.88
    together_ai/meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8 / together i=0.27 o=0.85
    together_ai/meta-llama/Llama-4-Scout-17B-16E-Instruct / together i=0.18 o=0.59
    together_ai/meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo / together i=3.5 o=3.5
    together_ai/meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo / together i=0.88 o=0.88
    together_ai/meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo / together i=0.18 o=0.18
    together_ai/mistralai/Mixtral-8x7B-Instruct-v0.1 / together i=0.6 o=0.6
    together_ai/moonshotai/Kimi-K2-Instruct / together i=1 o=3
    together_ai/moonshotai/Kimi-K2-Instruct-0905 / together i=1 o=3
    together_ai/moonshotai/Kimi-K2.5 / together i=0.5 o=2.8
    together_ai/openai/gpt-oss-120b / together i=0.15 o=0.6
    together_ai/openai/gpt-oss-20b / together i=0.05 o=0.2
    together_ai/zai-org/GLM-4.5-Air-FP8 / together i=0.2 o=1.1
    together_ai/zai-org/GLM-4.6 / together i=0.6 o=2.2
    together_ai/zai-org/GLM-4.7 / together i=0.45 o=2
    """#
