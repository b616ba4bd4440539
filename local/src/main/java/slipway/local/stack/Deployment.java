package slipway.local.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import slipway.json.Json;

/**
 * Brings what stands to what a template says: each resource as soon as what it depends on is there,
 * independent ones side by side. What is equal, once its references are resolved, is not touched.
 * At the end what is not needed any more is deleted; or, if one resource failed, what was changed
 * is put back.
 */
final class Deployment {
  private final Template template;
  private final Map<String, Standing> before;
  private final Makers makers;
  private final Consumer<Progress> progress;
  private final Intrinsics intrinsics;
  private final AtomicReference<StackFailure> first = new AtomicReference<>();
  private final Map<String, Standing> standing = new ConcurrentHashMap<>();

  /** Changes in place that were begun: one that failed halfway is put back as well. */
  private final Map<String, Change> begun = new ConcurrentHashMap<>();

  /** What another one took the place of. */
  private final Map<String, Standing> outdated = new ConcurrentHashMap<>();

  private final Set<String> fresh = ConcurrentHashMap.newKeySet();
  private final Map<Resource, Provisioner> unmade = new ConcurrentHashMap<>();

  /** How it ended. */
  sealed interface Result {
    /** By logical id. */
    Map<String, Standing> standing();

    record Done(Map<String, Standing> standing, Map<String, String> outputs, Changes changes)
        implements Result {}

    /** Nothing but the failure is new. */
    record PutBack(Map<String, Standing> standing, StackFailure failure) implements Result {}
  }

  /**
   * @param before what stands, by logical id
   * @param secret value of a secret by name or ARN, for dynamic references
   */
  Deployment(
      Template template,
      Map<String, Standing> before,
      Makers makers,
      UnaryOperator<String> secret,
      Consumer<Progress> progress) {
    this.template = template;
    this.before = Map.copyOf(before);
    this.makers = makers;
    this.progress = progress;
    this.intrinsics = new Intrinsics(template, secret);
  }

  Result run() {
    var wanted = new LinkedHashMap<String, Json>();
    template
        .resources()
        .forEach(
            (id, resource) -> {
              var condition = resource.at("Condition").optionalText();
              if (condition.isEmpty() || intrinsics.condition(condition.get()))
                wanted.put(id, resource);
            });
    checkTypes(wanted);
    Dependencies.of(wanted).inOrder(id -> bring(id, wanted.get(id)));
    // A stack that could not be made is given up by whoever asked for it.
    if (first.get() != null)
      return new Result.PutBack(before.isEmpty() ? Map.of() : putBack(first.get()), first.get());
    var doomed = new LinkedHashMap<>(outdated);
    before.forEach(
        (id, old) -> {
          if (!wanted.containsKey(id)) doomed.put(id, old);
        });
    var removal =
        new Removal(
                doomed,
                old ->
                    old.stays(
                        outdated.containsKey(old.resource().logicalId())
                            ? "UpdateReplacePolicy"
                            : "DeletionPolicy"),
                makers,
                progress)
            .run();
    return new Result.Done(Map.copyOf(standing), outputs(), changes(removal));
  }

  private Changes changes(Removal removal) {
    var made = new ArrayList<>(fresh);
    made.removeAll(outdated.keySet());
    var changed = new ArrayList<>(begun.keySet());
    changed.removeAll(outdated.keySet());
    return new Changes(
        made,
        changed,
        new ArrayList<>(outdated.keySet()),
        new ArrayList<>(removal.deleted()),
        removal.left(),
        removal.failures());
  }

  private void bring(String id, Json declared) {
    // What runs already is let finish; nothing more is begun.
    if (first.get() != null) return;
    var type = declared.at("Type").text();
    var old = Optional.ofNullable(before.get(id));
    var start = Instant.now();
    try {
      var wanted =
          new Resource(
              id,
              type,
              intrinsics.resolve(declared.at("Properties")),
              old.map(standing -> standing.resource().generation()).orElse(1));
      var action = old.isEmpty() ? make(wanted, declared) : change(old.get(), wanted, declared);
      action.ifPresent(done -> tell(done, id, type, start, Optional.empty()));
    } catch (RuntimeException e) {
      var verb = old.isEmpty() ? "make" : "change";
      var failure =
          new StackFailure(
              "cannot %s %s (%s): %s".formatted(verb, id, type, StackFailure.reason(e)), e);
      first.compareAndSet(null, failure);
      tell(
          old.isEmpty() ? Progress.Action.MADE : Progress.Action.CHANGED,
          id,
          type,
          start,
          Optional.of(StackFailure.reason(failure)));
    }
  }

  private Optional<Progress.Action> make(Resource wanted, Json declared) {
    var maker = makers.of(wanted.type());
    try {
      stands(new Standing(wanted, declared, maker.make(wanted)));
    } catch (RuntimeException e) {
      unmade.put(wanted, maker);
      throw e;
    }
    fresh.add(wanted.logicalId());
    return Optional.of(Progress.Action.MADE);
  }

  private Optional<Progress.Action> change(Standing old, Resource wanted, Json declared) {
    if (!old.resource().type().equals(wanted.type()))
      throw new IllegalArgumentException(
          "Update of resource type is not permitted: it is a " + old.resource().type());
    if (Objects.equals(old.resource().properties().value(), wanted.properties().value())) {
      stands(new Standing(old.resource(), declared, old.made()));
      return Optional.empty();
    }
    var change = new Change(old.resource(), old.made(), wanted);
    if (makers.replacements().replaces(change)) {
      make(
          new Resource(
              wanted.logicalId(), wanted.type(), wanted.properties(), wanted.generation() + 1),
          declared);
      outdated.put(wanted.logicalId(), old);
      return Optional.of(Progress.Action.REPLACED);
    }
    begun.put(wanted.logicalId(), change);
    var made = makers.of(wanted.type()).update(change);
    stands(new Standing(wanted, declared, made));
    if (made.ref().equals(old.made().ref())) return Optional.of(Progress.Action.CHANGED);
    outdated.put(wanted.logicalId(), old);
    return Optional.of(Progress.Action.REPLACED);
  }

  private void stands(Standing now) {
    var id = now.resource().logicalId();
    standing.put(id, now);
    intrinsics.made(id, now.made());
  }

  /**
   * Changes every resource back, in the order of its dependencies, then deletes what was made. A
   * failure of that is told with the one that made it necessary, and does not hinder the rest.
   */
  private Map<String, Standing> putBack(StackFailure failure) {
    var again = new ConcurrentHashMap<>(before);
    var doomed = new ConcurrentHashMap<String, Standing>();
    fresh.forEach(id -> doomed.put(id, standing.get(id)));
    var templates = new LinkedHashMap<String, Json>();
    begun.keySet().forEach(id -> templates.put(id, before.get(id).template()));
    Dependencies.of(templates)
        .inOrder(
            id -> {
              var change = begun.get(id);
              var start = Instant.now();
              var type = change.before().type();
              var now = Optional.ofNullable(standing.get(id));
              var made = now.map(Standing::made).orElse(change.made());
              try {
                var back =
                    makers.of(type).update(new Change(change.after(), made, change.before()));
                again.put(id, new Standing(change.before(), before.get(id).template(), back));
                now.filter(other -> !other.made().ref().equals(back.ref()))
                    .ifPresent(other -> doomed.put(id, other));
                tell(Progress.Action.PUT_BACK, id, type, start, Optional.empty());
              } catch (RuntimeException e) {
                var why = "cannot put back %s (%s): %s".formatted(id, type, StackFailure.reason(e));
                synchronized (failure) {
                  failure.addSuppressed(new StackFailure(why, e));
                }
                tell(Progress.Action.PUT_BACK, id, type, start, Optional.of(why));
              }
            });
    unmade.forEach((resource, maker) -> maker.abandon(resource));
    new Removal(doomed, made -> made.stays("DeletionPolicy"), makers, progress)
        .run()
        .failures()
        .forEach(
            (id, why) ->
                failure.addSuppressed(new StackFailure("cannot delete " + id + ": " + why)));
    return Map.copyOf(again);
  }

  private void tell(
      Progress.Action action, String id, String type, Instant start, Optional<String> failure) {
    progress.accept(
        new Progress(action, id, type, Duration.between(start, Instant.now()), failure));
  }

  /** All unknown types at once, before anything is made. */
  private void checkTypes(Map<String, Json> wanted) {
    var unknown = new ArrayList<String>();
    wanted.forEach(
        (id, resource) -> {
          var type = resource.at("Type").text();
          if (!makers.knows(type)) unknown.add(id + " (" + type + ")");
        });
    if (!unknown.isEmpty())
      throw new StackFailure(
          "local plays no resource of these types: " + String.join(", ", unknown));
  }

  /** The outputs by their key in the template. */
  private Map<String, String> outputs() {
    var outputs = new LinkedHashMap<String, String>();
    template
        .outputs()
        .forEach(
            (name, output) -> {
              var condition = output.at("Condition").optionalText();
              if (condition.isEmpty() || intrinsics.condition(condition.get()))
                outputs.put(name, String.valueOf(intrinsics.resolve(output.at("Value")).value()));
            });
    return outputs;
  }
}
