package slipway.local.github;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The repository and its owner as payloads describe them. */
final class Descriptions {
  private static final int OWNER_ID = 1234567;

  private final String fullName;
  private final String web;
  private final String api;
  private final Instant created;
  private final Clock clock;

  /**
   * @param fullName {@code owner/name}
   * @param web root of the web pages, without a slash at its end
   * @param api root of the API, without a slash at its end
   */
  Descriptions(String fullName, String web, String api, Clock clock) {
    this.fullName = fullName;
    this.web = web;
    this.api = api;
    this.clock = clock;
    this.created = clock.instant();
  }

  /** The repository's number, which is another for each. */
  int id() {
    return 900_000_000 + Math.floorMod(fullName.hashCode(), 99_999_999);
  }

  /** The repository's web page. */
  String web() {
    return web + "/" + fullName;
  }

  /** The repository in the API. */
  String api() {
    return api + "/repos/" + fullName;
  }

  Map<String, Object> pusher() {
    return Map.of("name", owner(), "email", email());
  }

  Map<String, Object> user() {
    var user = new LinkedHashMap<String, Object>();
    user.put("login", owner());
    user.put("id", OWNER_ID);
    user.put("url", api + "/users/" + owner());
    user.put("html_url", web + "/" + owner());
    user.put("type", "User");
    user.put("site_admin", false);
    return user;
  }

  /** As in a push: with the web page as URL, and epoch seconds. */
  Map<String, Object> pushedRepository() {
    var repository = repository();
    repository.put("url", web());
    repository.put("created_at", created.getEpochSecond());
    repository.put("pushed_at", clock.instant().getEpochSecond());
    repository.put("stargazers", 0);
    repository.put("master_branch", GitHub.DEFAULT_BRANCH);
    return repository;
  }

  /** As in any other event and in the API. */
  Map<String, Object> repository() {
    var owner = new LinkedHashMap<String, Object>();
    owner.put("name", owner());
    owner.put("email", email());
    owner.putAll(user());
    var repository = new LinkedHashMap<String, Object>();
    repository.put("id", id());
    repository.put("name", fullName.substring(fullName.indexOf('/') + 1));
    repository.put("full_name", fullName);
    repository.put("private", false);
    repository.put("owner", owner);
    repository.put("html_url", web());
    repository.put("description", null);
    repository.put("fork", false);
    repository.put("url", api());
    repository.put("hooks_url", api() + "/hooks");
    repository.put("statuses_url", api() + "/statuses/{sha}");
    repository.put("commits_url", api() + "/commits{/sha}");
    repository.put("compare_url", api() + "/compare/{base}...{head}");
    repository.put("deployments_url", api() + "/deployments");
    repository.put("created_at", created.toString());
    repository.put("updated_at", created.toString());
    repository.put("pushed_at", clock.instant().toString());
    repository.put("clone_url", web() + ".git");
    repository.put("archived", false);
    repository.put("disabled", false);
    repository.put("visibility", "public");
    repository.put("default_branch", GitHub.DEFAULT_BRANCH);
    return repository;
  }

  private String owner() {
    return fullName.substring(0, fullName.indexOf('/'));
  }

  private String email() {
    return OWNER_ID + "+" + owner() + "@users.noreply.github.com";
  }
}
