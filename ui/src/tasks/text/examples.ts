// What an empty stage offers: prompts that even a small model answers well.

/** One example. */
export interface Example {
  title: string;
  prompt: string;
}

/** For Chat. */
export const CHAT_EXAMPLES: Example[] = [
  { title: "Write a limerick", prompt: "Write a limerick about a cat who learns to code." },
  { title: "Explain simply", prompt: "Explain in three short sentences why the sky is blue." },
  { title: "Write some code", prompt: "Write a Python function that checks if a word is a palindrome." },
  { title: "Make a list", prompt: "List five ideas for a rainy weekend, one line each." },
];

/** For Completion. */
export const COMPLETION_EXAMPLES: Example[] = [
  { title: "Go on with a story", prompt: "Once upon a time, in a lighthouse at the end of the world," },
  {
    title: "Go on with a pattern",
    prompt: "English: cat\nFrench: chat\n\nEnglish: house\nFrench: maison\n\nEnglish: bread\nFrench:",
  },
  { title: "Go on with code", prompt: 'def fibonacci(n):\n    """Return the n-th Fibonacci number."""\n' },
  {
    title: "Finish a limerick",
    prompt: "There once was a student of code,\nWhose programs would often explode.",
  },
];
