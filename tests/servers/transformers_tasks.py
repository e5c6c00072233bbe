"""Every task of transformers_server.py: a name, and how its model is loaded and asked.

Where transformers still has a pipeline for a task, that is what answers, with the parameters as they came; the tasks
that it gave up (summaries, translations, questions, captions) are asked as those pipelines did.
"""
import base64
import io
import threading
from pathlib import Path

import numpy as np
import torch
from PIL import Image

PICTURES = {"image-classification", "object-detection", "image-to-text", "zero-shot-image-classification", "image-to-image"}
SOUNDS = {"automatic-speech-recognition", "whisper"}
SPEECH = {"text-to-speech", "bark"}
GENERATION = {"do_sample", "early_stopping", "epsilon_cutoff", "eta_cutoff", "max_length", "max_new_tokens", "min_length", "min_new_tokens",
              "num_beam_groups", "num_beams", "penalty_alpha", "temperature", "top_k", "top_p", "typical_p", "use_cache"}


class Gone(Exception):
    """Who asked has left."""


class Asked:
    """One question while it is worked on: whether somebody still waits, and how far it is."""

    def __init__(self):
        self.left, self.steps = threading.Event(), 0

    def step(self):
        self.steps += 1
        if self.left.is_set():
            raise Gone

    def watch(self, ids, scores, **_):
        """As transformers asks after every token."""
        self.step()
        return torch.zeros(ids.shape[0], dtype=torch.bool)


def picture(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def unpacked(name, inputs):
    """What came in JSON, as the task wants it."""
    if name in PICTURES | SOUNDS:
        return base64.b64decode(inputs.split(",")[-1], validate=True)
    if name == "visual-question-answering":
        return {**inputs, "image": base64.b64decode(inputs["image"], validate=True)}
    return inputs


def load(name, models):
    """A function of inputs, parameters and `Asked`."""
    where = Path(models) / {"image-to-image": "text-to-image", "sentence-similarity": "feature-extraction"}.get(name, name)
    return LOADERS.get(name, pipeline)(name, where)


def pipeline(name, where):
    from transformers import pipeline as made
    run = made(name, model=str(where))
    usual = {"token-classification": {"aggregation_strategy": "simple"}, "text-classification": {"top_k": None}}.get(name, {})

    def ask(inputs, parameters, asked):
        if name == "zero-shot-classification" and "candidate_labels" not in parameters:
            raise ValueError("Error in `parameters.candidate_labels`: field required")
        answer = run(picture(inputs) if name in PICTURES else inputs, **{**usual, **parameters})
        # The Hub's service answers with a list for each text.
        return [answer] if name == "text-classification" else answer
    return ask


def answers(_, where):
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    model, tokenizer = AutoModelForQuestionAnswering.from_pretrained(where), AutoTokenizer.from_pretrained(where)

    def find(inputs, top_k=1, max_answer_len=15, max_seq_len=128, doc_stride=32, max_question_len=64, align_to_words=True, handle_impossible_answer=False):
        tokens = tokenizer(inputs["question"], inputs["context"], truncation="only_second", max_length=max_seq_len, return_offsets_mapping=True, return_tensors="pt")
        offsets, kinds = tokens.pop("offset_mapping")[0], tokens.sequence_ids(0)
        with torch.no_grad():
            told = model(**tokens)
        starts, ends = told.start_logits[0].softmax(-1), told.end_logits[0].softmax(-1)
        own = [at for at, kind in enumerate(kinds) if kind == 1]
        pairs = [(float(starts[a] * ends[b]), int(offsets[a][0]), int(offsets[b][1])) for a in own for b in own if a <= b < a + max_answer_len]
        found = [{"score": score, "start": start, "end": end, "answer": inputs["context"][start:end]} for score, start, end in sorted(pairs, reverse=True)[:top_k]]
        return found[0] if top_k == 1 else found
    return lambda inputs, parameters, asked: find(inputs, **parameters)


def rewriter(name, where):
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
    model, tokenizer = AutoModelForSeq2SeqLM.from_pretrained(where), AutoTokenizer.from_pretrained(where)

    def rewrite(asked, text, lead, truncation="longest_first", clean_up_tokenization_spaces=True, generate_parameters=None):
        tokens = tokenizer(lead + text, truncation=truncation, return_tensors="pt", return_token_type_ids=False)
        ids = model.generate(**tokens, stopping_criteria=[asked.watch], **(generate_parameters or {}))
        new = tokenizer.decode(ids[0], skip_special_tokens=True, clean_up_tokenization_spaces=clean_up_tokenization_spaces)
        return [{"summary_text" if name == "summarization" else "translation_text": new}]

    def ask(inputs, parameters, asked):
        lead = "summarize: "
        if name == "translation":
            lead = "translate %s to %s: " % (parameters.pop("src_lang", "en"), parameters.pop("tgt_lang", "de"))
        return rewrite(asked, inputs, lead, **parameters)
    return ask


def vectors(name, where):
    from transformers import pipeline as made
    run = made("feature-extraction", model=str(where))

    def embed(text, normalize=None, prompt_name=None, truncate=False, truncation_direction="right", dimensions=None, encoding_format="float"):
        run.tokenizer.truncation_side = truncation_direction
        tokens = run(text, truncation=truncate)
        if normalize is None:
            return tokens
        lists = [tokens] if isinstance(text, str) else tokens
        means = [np.mean(one[0], axis=0)[:dimensions] for one in lists]
        scaled = [mean / np.linalg.norm(mean) if normalize else mean for mean in means]
        if encoding_format == "base64":
            return [base64.b64encode(np.asarray(one, "<f4").tobytes()).decode() for one in scaled]
        return [one.tolist() for one in scaled]

    def compare(inputs):
        first, *others = np.asarray(embed([inputs["source_sentence"], *inputs["sentences"]], normalize=True))
        return [float(first @ other) for other in others]
    return lambda inputs, parameters, asked: compare(inputs, **parameters) if name == "sentence-similarity" else embed(inputs, **parameters)


def captions(_, where):
    from transformers import AutoImageProcessor, AutoTokenizer, VisionEncoderDecoderModel
    model, tokenizer, processor = VisionEncoderDecoderModel.from_pretrained(where), AutoTokenizer.from_pretrained(where), AutoImageProcessor.from_pretrained(where)

    def tell(data, asked, max_new_tokens=12, generation_parameters=None):
        seen = processor(images=picture(data), return_tensors="pt")
        ids = model.generate(**seen, max_new_tokens=max_new_tokens, stopping_criteria=[asked.watch], **(generation_parameters or {}))
        return [{"generated_text": tokenizer.decode(ids[0], skip_special_tokens=True)}]
    return lambda inputs, parameters, asked: tell(inputs, asked, **parameters)


def questions(_, where):
    from transformers import ViltForQuestionAnswering, ViltProcessor
    model, processor = ViltForQuestionAnswering.from_pretrained(where), ViltProcessor.from_pretrained(where)

    def look(inputs, top_k=5):
        with torch.no_grad():
            scores = model(**processor(picture(inputs["image"]), inputs["question"], return_tensors="pt")).logits[0].sigmoid()
        best = scores.topk(min(top_k, len(scores)))
        return [{"score": float(score), "answer": model.config.id2label[int(at)]} for score, at in zip(*best)]
    return lambda inputs, parameters, asked: look(inputs, **parameters)


def painter(name, where):
    import diffusers
    pipe = diffusers.StableDiffusionPipeline.from_pretrained(where, safety_checker=None)
    usual = {"num_inference_steps": 4, "height": 64, "width": 64}
    if name == "image-to-image":
        pipe, usual = diffusers.StableDiffusionImg2ImgPipeline(**pipe.components, requires_safety_checker=False), {"num_inference_steps": 6, "prompt": ""}
    pipe.set_progress_bar_config(disable=True)

    def ask(inputs, parameters, asked):
        def step(_pipe, _at, _time, tensors):
            asked.step()
            return tensors
        if "scheduler" in parameters:
            pipe.scheduler = getattr(diffusers, parameters.pop("scheduler")).from_config(pipe.scheduler.config)
        if "seed" in parameters:
            parameters["generator"] = torch.Generator().manual_seed(parameters.pop("seed"))
        if name == "text-to-image":
            return pipe(inputs, **{**usual, **parameters}, callback_on_step_end=step).images[0]
        size = parameters.pop("target_size", {"width": 64, "height": 64})
        begin = picture(inputs).resize((size["width"], size["height"]))
        return pipe(image=begin, **{**usual, **parameters}, callback_on_step_end=step).images[0]
    return ask


def speaker(_, where):
    from transformers import pipeline as made
    run = made("text-to-audio", model=str(where))

    def ask(inputs, parameters, asked):
        chosen = {key: parameters.pop(key) for key in GENERATION & parameters.keys()}
        said = run(inputs, **({"generate_kwargs": chosen} if chosen else {}), **parameters)
        return np.asarray(said["audio"], np.float32).reshape(-1), said["sampling_rate"]
    return ask


def bark(_, where):
    """As its processor does it, which wants voices from the Hub."""
    from transformers import AutoTokenizer, BarkModel
    tokenizer, model = AutoTokenizer.from_pretrained(where), BarkModel.from_pretrained(where)

    def ask(inputs, parameters, asked):
        tokens = tokenizer(inputs, padding="max_length", max_length=256, truncation=True, add_special_tokens=False, return_tensors="pt")
        with torch.no_grad():
            wave = model.generate(tokens["input_ids"], attention_mask=tokens["attention_mask"], **parameters)
        return np.asarray(wave, np.float32).reshape(-1), model.generation_config.sample_rate
    return ask


def listener(_, where):
    import soundfile
    from transformers import pipeline as made
    run = made("automatic-speech-recognition", model=str(where))

    def hear(data, generation_parameters=None, **parameters):
        wave, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
        wave = wave.mean(1)
        new = np.interp(np.arange(0, len(wave), rate / 16000), np.arange(len(wave)), wave).astype(np.float32)
        chosen = {"generate_kwargs": generation_parameters} if generation_parameters else {}
        return run({"raw": new, "sampling_rate": 16000}, **chosen, **parameters)
    return lambda inputs, parameters, asked: hear(inputs, **parameters)


def writer(_, where):
    from transformers import pipeline as made
    run = made("text-generation", model=str(where))

    def ask(inputs, parameters, asked, streamer=None):
        """A prompt, or a chat's messages; `streamer` is told every token."""
        more = {"streamer": streamer, "return_full_text": False} if streamer else {}
        return run(inputs, **{"max_new_tokens": 20, **parameters, **more}, stopping_criteria=[asked.watch])
    ask.tokenizer = run.tokenizer
    return ask


LOADERS = {"question-answering": answers, "summarization": rewriter, "translation": rewriter, "feature-extraction": vectors,
           "sentence-similarity": vectors, "image-to-text": captions, "visual-question-answering": questions, "text-to-image": painter,
           "image-to-image": painter, "text-to-speech": speaker, "bark": bark, "automatic-speech-recognition": listener, "whisper": listener,
           "text-generation": writer}
NAMES = [*LOADERS, "text-classification", "token-classification", "zero-shot-classification", "fill-mask", "image-classification", "object-detection",
         "zero-shot-image-classification"]
