// An answer in words: for a screen reader when it comes, and for the clipboard.
import type { Entity, RunOutput } from "../../bindings";
import { type Find, kindOf } from "../../shared/marks";
import { areShares, bestFirst, scoreWords } from "../../shared/scores";

/** The find that an entity is. */
export function findOf({ entity, entity_group, word, start, end }: Entity): Find {
  return { kind: entity_group ?? entity ?? "", word, start, end };
}

/** What came, in one sentence. */
export function spoken(output: RunOutput): string {
  if ("labels" in output) {
    const [best] = bestFirst(output.labels);
    if (!best) return "No label came.";
    return `${best.label}, ${scoreWords(best.score, areShares(output.labels))}, is the best of ${output.labels.length}.`;
  }
  if ("entities" in output) return counted(output.entities.length, "entity", "entities");
  if ("objects" in output) return counted(output.objects.length, "object", "objects");
  return "";
}

function counted(count: number, one: string, more: string): string {
  return count === 0 ? `No ${one} was found.` : `${count} ${count === 1 ? one : more} found.`;
}

/** What came, a line each with tabs between: it pastes into a sheet. */
export function asText(output: RunOutput): string {
  if ("labels" in output) {
    const shares = areShares(output.labels);
    return lines(bestFirst(output.labels).map(({ label, score }) => [label, scoreWords(score, shares)]));
  }
  if ("entities" in output)
    return lines(
      output.entities.map((entity) => [
        ...[entity.word, kindOf(findOf(entity).kind), scoreWords(entity.score)],
        ...[entity.start, entity.end].map((place) => String(place ?? "")),
      ]),
    );
  if ("objects" in output)
    return lines(
      output.objects.map(({ label, score, box }) => [
        ...[label, scoreWords(score)],
        ...[box.xmin, box.ymin, box.xmax, box.ymax].map(String),
      ]),
    );
  return "";
}

function lines(rows: string[][]): string {
  return rows.map((row) => row.join("\t")).join("\n");
}

/** The answer as `huggingface_hub` gives it. */
export function asJson(output: RunOutput): string {
  const rows = "labels" in output ? output.labels : "entities" in output ? output.entities : undefined;
  return JSON.stringify(rows ?? ("objects" in output ? output.objects : output), null, 2);
}
