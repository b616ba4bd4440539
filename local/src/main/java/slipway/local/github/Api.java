package slipway.local.github;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import slipway.json.Malformed;

/** The part of GitHub's REST API that a deployer uses, for one repository. */
final class Api {
  private static final Pattern ID = Pattern.compile("\\d{1,18}");

  private final Repository repository;
  private final Descriptions descriptions;
  private final Statuses statuses;
  private final Deployments deployments;
  private final Comparisons comparisons;
  private final byte[] token;

  /**
   * @param token that may write; reading a public repository needs none
   */
  Api(
      Repository repository,
      Descriptions descriptions,
      Statuses statuses,
      Deployments deployments,
      String token) {
    this.repository = repository;
    this.descriptions = descriptions;
    this.statuses = statuses;
    this.deployments = deployments;
    this.comparisons = new Comparisons(repository, descriptions);
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Answers a request.
   *
   * @param path after {@code /repos/owner/name}
   */
  void serve(String path, Exchange exchange) throws IOException {
    try {
      authorize(exchange);
      switch (exchange.method()) {
        case "GET" -> get(path, exchange);
        case "POST" -> exchange.answer(201, post(path, exchange));
        default -> throw Refusal.notFound();
      }
    } catch (Refusal e) {
      exchange.answer(e.status(), e.tree());
    } catch (Malformed e) {
      var refusal = new Refusal(400, "Problems parsing JSON: " + e.getMessage());
      exchange.answer(refusal.status(), refusal.tree());
    }
  }

  private void authorize(Exchange exchange) {
    var given = exchange.header("Authorization");
    if (given.isEmpty() && exchange.method().equals("GET")) return;
    if (given.isEmpty()) throw new Refusal(401, "Requires authentication");
    var parts = given.get().split(" ", 2);
    if (parts.length != 2
        || !parts[0].matches("(?i)bearer|token")
        || !MessageDigest.isEqual(token, parts[1].getBytes(StandardCharsets.UTF_8)))
      throw new Refusal(401, "Bad credentials");
  }

  private void get(String path, Exchange exchange) throws IOException {
    var parts = path.substring(Math.min(1, path.length())).split("/");
    Object tree;
    if (path.isEmpty()) tree = descriptions.repository();
    else if (path.startsWith("/git/ref/heads/"))
      tree = ref(path.substring("/git/ref/heads/".length()));
    else if (path.startsWith("/branches/")) tree = branch(path.substring("/branches/".length()));
    else if (path.startsWith("/compare/"))
      tree =
          comparisons.of(
              path.substring("/compare/".length()),
              Optional.ofNullable(exchange.query().get("per_page")));
    else if (parts.length == 3 && parts[0].equals("commits") && parts[2].equals("status"))
      tree = statuses.combined(commit(parts[1]), descriptions);
    else if (parts.length == 3 && parts[0].equals("commits") && parts[2].equals("statuses"))
      tree =
          statuses.of(commit(parts[1])).reversed().stream()
              .map(status -> status.tree(descriptions.api()))
              .toList();
    else if (path.equals("/deployments"))
      tree =
          deployments.list(exchange.query()).stream().map(one -> one.tree(descriptions)).toList();
    else if (parts.length == 2 && parts[0].equals("deployments"))
      tree = deployments.get(id(parts[1])).tree(descriptions);
    else if (parts.length == 3 && parts[0].equals("deployments") && parts[2].equals("statuses"))
      tree =
          deployments.get(id(parts[1])).statuses().reversed().stream()
              .map(status -> status.tree(descriptions))
              .toList();
    else throw Refusal.notFound();
    conditional(tree, exchange);
  }

  private Object post(String path, Exchange exchange) throws IOException {
    var parts = path.substring(Math.min(1, path.length())).split("/");
    var request = exchange.json();
    if (parts.length == 2 && parts[0].equals("statuses")) {
      var commit =
          exact(parts[1])
              .orElseThrow(() -> new Refusal(422, "No commit found for SHA: " + parts[1]));
      return statuses.set(commit, request).tree(descriptions.api());
    }
    if (path.equals("/deployments"))
      return deployments.create(request, this::commit).tree(descriptions);
    if (parts.length == 3 && parts[0].equals("deployments") && parts[2].equals("statuses"))
      return deployments.addStatus(id(parts[1]), request).tree(descriptions);
    throw Refusal.notFound();
  }

  /** 304 if the caller has it already. */
  private static void conditional(Object tree, Exchange exchange) throws IOException {
    var body = GitHub.json(tree).getBytes(StandardCharsets.UTF_8);
    var tag = "W/\"" + sha256(body) + "\"";
    exchange.http().getResponseHeaders().set("ETag", tag);
    if (exchange.header("If-None-Match").filter(tag::equals).isPresent())
      exchange.http().sendResponseHeaders(304, -1);
    else exchange.answer(200, "application/json; charset=utf-8", body);
  }

  private Map<String, Object> ref(String branch) throws IOException {
    var head = head(branch);
    var object = new LinkedHashMap<String, Object>();
    object.put("sha", head);
    object.put("type", "commit");
    object.put("url", descriptions.api() + "/git/commits/" + head);
    var ref = new LinkedHashMap<String, Object>();
    ref.put("ref", Constants.R_HEADS + branch);
    ref.put("url", descriptions.api() + "/git/refs/heads/" + branch);
    ref.put("object", object);
    return ref;
  }

  private Map<String, Object> branch(String branch) throws IOException {
    var head = head(branch);
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", branch);
    tree.put("commit", Map.of("sha", head, "url", descriptions.api() + "/commits/" + head));
    tree.put("protected", false);
    return tree;
  }

  private String head(String branch) throws IOException {
    var ref = repository.exactRef(Constants.R_HEADS + branch);
    if (ref == null) throw Refusal.notFound();
    return ref.getObjectId().name();
  }

  /** The commit that a branch, tag or id means. */
  private String commit(String name) {
    try {
      var id = repository.resolve(name + "^{commit}");
      if (id == null) throw new Refusal(422, "No commit found for SHA: " + name);
      return id.name();
    } catch (org.eclipse.jgit.errors.MissingObjectException
        | org.eclipse.jgit.errors.IncorrectObjectTypeException
        | org.eclipse.jgit.errors.RevisionSyntaxException _) {
      throw new Refusal(422, "No commit found for SHA: " + name);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look up " + name, e);
    }
  }

  /** The commit with that id of 40 digits. */
  private Optional<String> exact(String sha) throws IOException {
    if (!ObjectId.isId(sha)) return Optional.empty();
    try (var walk = new RevWalk(repository)) {
      return Optional.of(walk.parseCommit(ObjectId.fromString(sha)).name());
    } catch (org.eclipse.jgit.errors.MissingObjectException
        | org.eclipse.jgit.errors.IncorrectObjectTypeException _) {
      return Optional.empty();
    }
  }

  private static long id(String text) {
    if (!ID.matcher(text).matches()) throw Refusal.notFound();
    return Long.parseLong(text);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
