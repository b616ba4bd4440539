package slipway.github;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import slipway.config.Source;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;

/**
 * Finds heads of branches that were never built, and builds what is missing: GitHub sends a webhook
 * once and never again.
 */
final class Sources {
  private final Config config;
  private final Heads heads;
  private final HeadLedger ledger;
  private final BuildHistory history;
  private final Builds builds;
  private final Consumer<Line> log;

  Sources(
      Config config,
      Heads heads,
      HeadLedger ledger,
      BuildHistory history,
      Builds builds,
      Consumer<Line> log) {
    this.config = config;
    this.heads = heads;
    this.ledger = ledger;
    this.history = history;
    this.builds = builds;
    this.log = log;
  }

  /**
   * Looks at every branch. One that fails holds up no other.
   *
   * @param run its name; the same for a run that is repeated, another one for the next
   * @return what came of it, a line for each branch
   * @throws IllegalStateException in the end, with every branch that failed and why
   */
  String look(String run) {
    var once = new Run(run, ledger.read(config.sources()));
    var lines = new ArrayList<String>();
    var failures = new ArrayList<RuntimeException>();
    for (var source : config.sources()) {
      try {
        var seen = once.look(source);
        lines.add(source + ": " + seen.text());
        log.accept(
            Line.info(
                about(source).commit(seen.head()),
                "looked at a branch",
                Map.of("branch", source.toString(), "outcome", seen.text())));
      } catch (RuntimeException e) {
        lines.add(source + ": failed: " + e.getMessage());
        failures.add(e);
        log.accept(
            Line.trouble(
                about(source), "cannot look at a branch", Map.of("branch", source.toString()), e));
      }
    }
    if (!failures.isEmpty()) throw failed(lines, failures);
    return String.join("\n", lines);
  }

  private About about(Source source) {
    return About.services(names(config.from(source)));
  }

  private static List<String> names(List<Service> services) {
    return services.stream().map(service -> service.name().value()).toList();
  }

  /**
   * What came of a look at a branch.
   *
   * @param head the commit
   */
  private record Seen(String head, String text) {}

  private IllegalStateException failed(List<String> lines, List<RuntimeException> failures) {
    var failed =
        new IllegalStateException(
            "%d of %d branches could not be looked at, so a lost webhook would not be noticed; the next run tries again:\n%s"
                .formatted(
                    failures.size(),
                    lines.size(),
                    lines.stream().filter(l -> l.contains(": failed: ")).collect(joining("\n"))));
    failures.forEach(failed::addSuppressed);
    return failed;
  }

  /** One look at all branches; the builds are read once, if anybody asks for them. */
  private final class Run {
    private final String name;
    private final Map<Source, KnownHead> known;
    private @Nullable List<PastBuild> recent;

    Run(String name, Map<Source, KnownHead> known) {
      this.name = name;
      this.known = known;
    }

    Seen look(Source source) {
      var before = Optional.ofNullable(known.get(source));
      var now = now(source, before);
      return new Seen(now.head(), look(source, before, now));
    }

    private String look(Source source, Optional<KnownHead> before, KnownHead now) {
      return switch (HeadDecision.of(before, now.head(), name)) {
        case HeadDecision.Settled _ -> {
          remember(source, before, now);
          yield "nothing new at " + now.head();
        }
        case HeadDecision.Remember _ -> {
          remember(source, before, now);
          yield "new head %s: its webhook has until the next run".formatted(now.head());
        }
        case HeadDecision.LookUp _ -> settle(source, now);
      };
    }

    /** The branch as it is at GitHub now, with what is remembered of it. */
    private KnownHead now(Source source, Optional<KnownHead> before) {
      var read = heads.read(source, before.flatMap(KnownHead::etag));
      if (read.isEmpty())
        return before.orElseThrow(
            () -> new GitHubFailed("GitHub says that " + source + " is as it was never asked for"));
      return before
          .map(b -> b.now(read.get(), name))
          .orElseGet(
              () ->
                  new KnownHead(
                      read.get().commit(), read.get().etag(), false, Optional.empty(), name));
    }

    private void remember(Source source, Optional<KnownHead> before, KnownHead now) {
      if (!before.equals(Optional.of(now))) ledger.write(source, now);
    }

    /** The build first: a head that is settled is not looked at again. */
    private String settle(Source source, KnownHead now) {
      var head = now.head();
      return switch (unbuilt(source, now)) {
        case UnbuiltDecision.Later(var why) -> "waits: " + why;
        case UnbuiltDecision.Nothing _ -> {
          ledger.write(source, now.settle());
          yield "nothing is missing of " + head;
        }
        case UnbuiltDecision.Build(var images, var why) -> {
          var id = builds.start(source, images, head, Optional.empty(), token(source, head));
          pushed(source, images, head, id);
          ledger.write(source, now.settle());
          yield "no webhook built %s: started build %s: %s".formatted(head, id, why);
        }
      };
    }

    private void pushed(Source source, List<Container.Built> images, String head, String build) {
      var touched =
          config.from(source).stream()
              .filter(service -> service.built().stream().anyMatch(images::contains))
              .toList();
      for (var service : names(touched))
        log.accept(
            Line.info(About.service(service).commit(head), "push builds", Map.of("build", build))
                .measuring(config.stack(), Map.of(Measure.PUSHES, 1.0)));
    }

    private UnbuiltDecision unbuilt(Source source, KnownHead now) {
      var last = new LinkedHashMap<Container.Built, LastBuilt>();
      var changes = new HashMap<String, Changes>();
      for (var service : config.from(source))
        for (var image : service.built()) {
          var built = LastBuilt.of(image, recent(), now.base());
          last.put(image, built);
          if (built instanceof LastBuilt.At(var commit))
            changes.computeIfAbsent(commit, base -> since(source, base, now.head()));
        }
      return UnbuiltDecision.of(last, changes);
    }

    private Changes since(Source source, String base, String head) {
      return base.equals(head) ? new Changes.Listed(Set.of()) : heads.between(source, base, head);
    }

    private List<PastBuild> recent() {
      var builds = recent;
      if (builds == null) {
        builds = history.recent();
        recent = builds;
      }
      return builds;
    }
  }

  /** Two branches may have the same head, and CodeBuild takes a token for one request only. */
  private static String token(Source source, String head) {
    return "source-%s#%s-%s".formatted(source.repository(), source.branch(), head);
  }
}
