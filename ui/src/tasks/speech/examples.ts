// What the empty Speech tab offers.

interface Example {
  title: string;
  prompt: string;
}

const PLAIN: Example[] = [
  {
    title: "A limerick",
    prompt:
      "There once was a cat, keen on code, who debugged in her basket abode. With a purr and a click she would fix it so quick that her humans stayed out of the road.",
  },
  {
    title: "Numbers and names",
    prompt: "Dr. Lee paid $1,204.50 on 21 November 2026, at 9:45 p.m. It was 3.5% more than in 1999.",
  },
  {
    title: "A welcome",
    prompt: "Welcome! Everything you hear is made on this machine, one sentence after the other.",
  },
  {
    title: "A tongue twister",
    prompt: "She sells sea shells by the sea shore. The shells she sells are sea shells, I'm sure.",
  },
];

const OWN: Record<string, Example[]> = {
  bark: [
    {
      title: "A laugh",
      prompt:
        "Hello, my name is Suno. [laughs] And, uh — I like pizza. But I also have other interests… [sighs]",
    },
    { title: "A song", prompt: "♪ In the jungle, the mighty jungle, the lion barks tonight ♪" },
    {
      title: "With stress",
      prompt: "[clears throat] I have told you a THOUSAND times… do not feed the owl!",
    },
  ],
  dia: [
    {
      title: "Two speakers",
      prompt:
        "[S1] Did you hear that? [S2] Hear what? [S1] The owl is in the beard again. (laughs) [S2] Not again!",
    },
  ],
  orpheus: [
    {
      title: "With feeling",
      prompt: "I was sure the oven was off. <sigh> It was not. <chuckle> The cat has never been so warm.",
    },
  ],
};

/** Examples that show what a family can do. */
export function examplesFor(family: string): Example[] {
  return [...(OWN[family] ?? []), ...PLAIN].slice(0, 4);
}
