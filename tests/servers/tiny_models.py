#!/usr/bin/env python3
"""Writes tiny models with random weights for every task, without a network: python3 tiny_models.py OUT

The weights are noise. The files, the classes that load them and therefore the shapes of the answers are the real ones.
"""
import json
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

OUT = Path(sys.argv[1])
WORDS = ["the quick brown fox jumps over the lazy dog", "a photo of a cat on a mat", "what animal is this",
         "my name is Sarah and I live in Zürich", "I want a refund", "This example is about legal refund faq", "translate en to de",
         "hello world", "Once upon a time there was a model", "summarize"]
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
SEEN = {**SMALL, "image_size": 32, "patch_size": 8}
END = "<|endoftext|>"


def folder(name):
    place = OUT / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def save(name, *parts):
    for part in parts:
        part.save_pretrained(folder(name))


def labels(names):
    return {"id2label": dict(enumerate(names)), "label2id": {name: at for at, name in enumerate(names)}}


def word_pieces():
    """BERT's kind of tokenizer: whole words, their letters, and marks between."""
    from transformers import BertTokenizerFast
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *".,!?"]
    for word in " ".join(WORDS).lower().split():
        vocabulary += [piece for piece in [word, *word, *("##" + letter for letter in word)] if piece not in vocabulary]
    vocabulary = list(dict.fromkeys(vocabulary))
    return BertTokenizerFast(vocab={piece: at for at, piece in enumerate(vocabulary)})


def byte_pairs(end=END, longest=77, specials=()):
    """GPT's kind of tokenizer."""
    from transformers import PreTrainedTokenizerFast
    pairs = Tokenizer(models.BPE())
    pairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pairs.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    pairs.train_from_iterator(WORDS * 20, trainers.BpeTrainer(vocab_size=400, special_tokens=[end, *specials], initial_alphabet=alphabet))
    return PreTrainedTokenizerFast(tokenizer_object=pairs, bos_token=end, eos_token=end, unk_token=end, pad_token=end, model_max_length=longest)


def texts():
    import transformers as of
    tokenizer = word_pieces()
    size = {**SMALL, "vocab_size": len(tokenizer), "max_position_embeddings": 128}
    for name, kind, names in (("text-classification", of.BertForSequenceClassification, ["NEGATIVE", "NEUTRAL", "POSITIVE"]),
                              ("zero-shot-classification", of.BertForSequenceClassification, ["contradiction", "neutral", "entailment"]),
                              ("token-classification", of.BertForTokenClassification, ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]),
                              ("fill-mask", of.BertForMaskedLM, ["LABEL_0"]),
                              ("question-answering", of.BertForQuestionAnswering, ["LABEL_0", "LABEL_1"]),
                              ("feature-extraction", of.BertModel, ["LABEL_0"])):
        save(name, kind(of.BertConfig(**size, **labels(names))), tokenizer)


def rewriters():
    """Summaries and translations: one encoder and decoder each."""
    from transformers import T5Config, T5ForConditionalGeneration
    tokenizer = byte_pairs(longest=512)
    config = T5Config(vocab_size=len(tokenizer), d_model=32, d_kv=16, d_ff=64, num_layers=2, num_heads=2, decoder_start_token_id=0, eos_token_id=0, pad_token_id=0)
    for name in ("summarization", "translation"):
        model = T5ForConditionalGeneration(config)
        # Noise ends at once otherwise.
        model.generation_config.max_new_tokens, model.generation_config.min_new_tokens = 12, 8
        save(name, model, tokenizer)


def writer():
    from transformers import LlamaConfig, LlamaForCausalLM
    tokenizer = byte_pairs("<|im_end|>", 4096, ("<|im_start|>",))
    tokenizer.chat_template = ("{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
                               "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")
    config = LlamaConfig(**SMALL, vocab_size=len(tokenizer), max_position_embeddings=4096, bos_token_id=0, eos_token_id=0, pad_token_id=0)
    save("text-generation", LlamaForCausalLM(config), tokenizer)


def pictures():
    """Classes, things, captions, questions and own classes for a picture."""
    import transformers as of
    square = {"height": 32, "width": 32}
    names = ["tabby cat", "golden retriever", "sports car", "teapot", "volcano", "banana"]
    save("image-classification", of.ViTForImageClassification(of.ViTConfig(**SEEN, **labels(names))), of.ViTImageProcessor(size=square))
    yolos = {**SEEN, "image_size": [64, 64]}
    save("object-detection", of.YolosForObjectDetection(of.YolosConfig(**yolos, num_detection_tokens=10, **labels(names))),
         of.YolosImageProcessor(size={"height": 64, "width": 64}))
    captions()
    asked = of.ViltConfig(**SEEN, vocab_size=len(word_pieces()), max_position_embeddings=40, **labels(["cat", "dog", "two", "yes", "no"]))
    save("visual-question-answering", of.ViltForQuestionAnswering(asked), of.ViltProcessor(of.ViltImageProcessor(size={"shortest_edge": 32}), word_pieces()))
    tokenizer = byte_pairs()
    words = {**SMALL, "vocab_size": len(tokenizer), "max_position_embeddings": 77, "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    clip = of.CLIPConfig(text_config=words, vision_config=SEEN, projection_dim=32)
    save("zero-shot-image-classification", of.CLIPModel(clip), tokenizer, of.CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=square))


def captions():
    import transformers as of
    tokenizer = byte_pairs()
    told = of.GPT2Config(vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=2, n_positions=64, is_decoder=True, add_cross_attention=True)
    model = of.VisionEncoderDecoderModel(encoder=of.ViTModel(of.ViTConfig(**SEEN)), decoder=of.GPT2LMHeadModel(told))
    for config in (model.config, model.generation_config):
        config.decoder_start_token_id = config.eos_token_id = config.pad_token_id = config.bos_token_id = 0
    model.generation_config.max_new_tokens, model.generation_config.min_new_tokens = 12, 8
    save("image-to-text", model, tokenizer, of.ViTImageProcessor(size={"height": 32, "width": 32}))


def painter():
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel
    tokenizer = byte_pairs()
    unet = UNet2DConditionModel(block_out_channels=(32, 64), layers_per_block=1, sample_size=16, norm_num_groups=8, cross_attention_dim=32, attention_head_dim=8,
                                down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"))
    vae = AutoencoderKL(block_out_channels=[16, 32, 32, 32], norm_num_groups=8, latent_channels=4, sample_size=128,
                        down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4)
    words = CLIPTextModel(CLIPTextConfig(**SMALL, vocab_size=len(tokenizer), max_position_embeddings=77, bos_token_id=0, eos_token_id=0, pad_token_id=0))
    scheduler = DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False, steps_offset=1)
    save("text-to-image", StableDiffusionPipeline(vae, words, tokenizer, unet, scheduler, None, None, requires_safety_checker=False))


def speaker():
    from transformers import VitsConfig, VitsModel, VitsTokenizer
    letters = ["<pad>", *"abcdefghijklmnopqrstuvwxyz '", "<unk>"]
    vocabulary = folder("text-to-speech") / "vocab.json"
    vocabulary.write_text(json.dumps({letter: at for at, letter in enumerate(letters)}))
    tokenizer = VitsTokenizer(str(vocabulary), pad_token="<pad>", unk_token="<unk>", language="eng", normalize=True, phonemize=False, is_uroman=False)
    config = VitsConfig(vocab_size=len(letters), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, ffn_dim=64, flow_size=32, spectrogram_bins=33,
                        posterior_encoder_num_wavenet_layers=2, prior_encoder_num_wavenet_layers=2, upsample_initial_channel=32, resblock_kernel_sizes=[3],
                        resblock_dilation_sizes=[[1, 3]], upsample_rates=[8, 8], upsample_kernel_sizes=[16, 16], sampling_rate=24000, prior_encoder_num_flows=2,
                        depth_separable_num_layers=2, duration_predictor_num_flows=2)
    save("text-to-speech", VitsModel(config), tokenizer)


def bark():
    from transformers import BarkCoarseConfig, BarkConfig, BarkFineConfig, BarkModel, BarkSemanticConfig, EncodecConfig
    from transformers.models.bark import generation_configuration_bark as settings
    small = {"hidden_size": 32, "num_layers": 2, "num_heads": 2, "block_size": 1024}
    config = BarkConfig(semantic_config=BarkSemanticConfig(**small, input_vocab_size=129600, output_vocab_size=10048).to_dict(),
                        coarse_acoustics_config=BarkCoarseConfig(**small, input_vocab_size=12096, output_vocab_size=12096).to_dict(),
                        fine_acoustics_config=BarkFineConfig(**small, input_vocab_size=1056, output_vocab_size=1056).to_dict(),
                        codec_config=EncodecConfig(hidden_size=32, num_filters=4, codebook_dim=32, upsampling_ratios=[8, 5, 4, 2], num_lstm_layers=1).to_dict())
    save("bark", BarkModel(config), word_pieces())
    parts = {"semantic_config": settings.BarkSemanticGenerationConfig(max_new_tokens=40), "coarse_acoustics_config": settings.BarkCoarseGenerationConfig(),
             "fine_acoustics_config": settings.BarkFineGenerationConfig()}
    plain = {name: {key: value for key, value in vars(part).items() if isinstance(value, (bool, int, float, str, list))} for name, part in parts.items()}
    # Its own way of saving refuses this class.
    (folder("bark") / "generation_config.json").write_text(json.dumps({"model_type": "bark", "sample_rate": 24000, "codebook_size": 1024, **plain}))


def listener():
    from transformers import Wav2Vec2Config, Wav2Vec2CTCTokenizer, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ'"]
    vocabulary = folder("automatic-speech-recognition") / "vocab.json"
    vocabulary.write_text(json.dumps({letter: at for at, letter in enumerate(letters)}))
    config = Wav2Vec2Config(**SMALL, vocab_size=len(letters), conv_dim=[16] * 7, num_feat_extract_layers=7, num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2)
    save("automatic-speech-recognition", Wav2Vec2ForCTC(config), Wav2Vec2FeatureExtractor(), Wav2Vec2CTCTokenizer(str(vocabulary)))


def whisper():
    """The listener that says when each piece was spoken."""
    from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration
    from transformers import WhisperTokenizer
    times = [f"<|{at * 0.02:.2f}|>" for at in range(1501)]
    specials = ["<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    plain = json.loads(byte_pairs().backend_tokenizer.to_str())["model"]
    tokenizer = WhisperTokenizer(vocab=plain["vocab"], merges=[tuple(pair) for pair in plain["merges"]], unk_token=END, bos_token=END, eos_token=END, pad_token=END)
    tokenizer.add_special_tokens({"additional_special_tokens": specials})
    tokenizer.add_tokens(times)
    at = tokenizer.convert_tokens_to_ids
    config = WhisperConfig(vocab_size=len(tokenizer), d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=64,
                           decoder_ffn_dim=64, num_mel_bins=80, decoder_start_token_id=at(specials[0]), bos_token_id=0, eos_token_id=0, pad_token_id=0, suppress_tokens=[], begin_suppress_tokens=[])
    model = WhisperForConditionalGeneration(config)
    of = model.generation_config
    of.is_multilingual, of.lang_to_id, of.task_to_id = True, {"<|en|>": at("<|en|>")}, {"transcribe": at("<|transcribe|>"), "translate": at("<|translate|>")}
    # Otherwise the pipeline thinks that nobody chose these.
    of._from_model_config = False
    of.no_timestamps_token_id, of.max_initial_timestamp_index, of.max_new_tokens, of.min_new_tokens, of.return_timestamps = at("<|notimestamps|>"), 50, 16, 8, False
    save("whisper", model, WhisperFeatureExtractor(feature_size=80), tokenizer)


if __name__ == "__main__":
    torch.manual_seed(0)
    for make in (texts, rewriters, writer, pictures, painter, speaker, bark, listener, whisper):
        make()
