// exchange_test.cpp -- the commit protocol under every order of steps of two or three writers, readers, deleters and
// recoveries, with one of them dying or losing its lease anywhere.
//
// Runs the real code over a real SQLite database and an in-memory store. After each schedule and one recovery: what was
// acknowledged can be read, or a later version holds its place; every readable row has its own bytes; nothing else is
// in the store, and nothing is announced.
#include <cstdlib>
#include <set>
#include <utility>
#include "lake/artifact/explorer_testing.hpp"
#include "lake/artifact/holder.hpp"
#include "lake/artifact/place.hpp"
#include "lake/open/open.hpp"
#include "lake/open/testing.hpp"
#include "lamin/remove.hpp"
#include "modules/modules.hpp"

namespace lamin {
namespace {

using testing::Actor;
using testing::Explored;
using testing::Explorer;
using testing::Sandbox;
namespace fs = std::filesystem;

// In memory, so that transactions need no disk.
struct InMemory {
  InMemory() { ::setenv("TMPDIR", "/dev/shm", 1); }
  ~InMemory() { ::unsetenv("TMPDIR"); }
};

/// How versions of the key are stored.
enum class How { uid, real_key, folder, real_folder, bucket_folder };
bool is_folder(How how) { return how != How::uid && how != How::real_key; }
bool has_real_key(How how) { return how != How::uid && how != How::folder; }

class ExchangeModel : public ::testing::TestWithParam<How> {
 protected:
  InMemory memory;
  Sandbox box;
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Instance> plain;  // never stops: prepares and inspects

  struct Participant {
    explicit Participant(std::string name) : actor(std::move(name)) {}
    Actor actor;
    std::unique_ptr<Instance> instance;
  };
  std::vector<std::unique_ptr<Participant>> participants;
  std::int64_t turn = 0;  // of the search, for names not used by any schedule

  void SetUp() override {
    init({.storage = "store", .name = "lab"});
    plain = connect("lab");
    plain->use_store(1, stepped(idle_));
    base::set_log_sink([](base::Level, std::string_view) {});
    for (const char* name : {"A", "B", "C"}) participants.push_back(participant(name));
  }

  std::unique_ptr<store::Store> stepped(Actor& actor) const {
    return std::make_unique<testing::SteppedStore>(*store, actor, GetParam() == How::bucket_folder);
  }

  std::unique_ptr<Participant> participant(const std::string& name) {
    auto p = std::make_unique<Participant>(name);
    auto settings = find_settings("lab");
    auto connection =
        std::make_unique<testing::SteppedConnection>(db::open_connection(settings.database_url()), p->actor, writer_);
    auto database =
        std::make_unique<Database>(std::move(connection), modules::catalog_of(modules::stored(settings.modules, true)));
    p->instance = lake::make_instance(std::move(settings), std::move(database));
    p->instance->use_store(1, stepped(p->actor));
    p->instance->use_writer("test/0/" + name + "/0");
    return p;
  }

  // --- what the actors do -------------------------------------------------------------------------------------------

  std::string key(How how) const {
    const auto name = "k" + std::to_string(turn);
    return is_folder(how) ? name : name + ".txt";
  }

  void write_folder(const std::string& name, const std::string& content) const {
    for (const char* file : {"/x", "/y"}) box.write(name + file, content);
  }

  ArtifactOptions source(How how, const std::string& content) const {
    const auto name = content + std::to_string(turn);
    ArtifactOptions options{.key = key(how), .skip_hash_lookup = true};
    if (is_folder(how)) write_folder(name, content);
    else box.write(name + ".txt", content);
    options.source = box.path(is_folder(how) ? name : name + ".txt");
    if (has_real_key(how)) options.key_is_virtual = false;
    return options;
  }

  std::string save(Instance& instance, How how, const std::string& content) {
    auto draft = prepare_artifact(instance, source(how, content));
    save_artifact(instance, draft);
    return std::string(draft.record.uid());
  }

  void saver(std::size_t i, How how, const std::string& content) {
    auto& p = *participants[i];
    try {
      const auto uid = save(*p.instance, how, content + std::to_string(turn));
      if (!p.actor.killed) acknowledged_.push_back(uid);
    } catch (const Error& e) {
      if (!expired_.contains(p.actor.name)) failures_ += p.actor.name + ": " + e.what() + "\n";
    }
  }

  void deleter(std::size_t i, How how) {
    auto& p = *participants[i];
    auto row = find_artifact(*p.instance, key(how));
    if (!row) return;
    touched_.insert(std::string(row->uid()));
    remove(*p.instance, *row, {.permanent = true, .storage = true});
  }

  void trasher(std::size_t i, How how) {
    auto& p = *participants[i];
    if (auto row = find_artifact(*p.instance, key(how))) remove(*p.instance, *row, {});
  }

  /// Of the version that it finds, which another one may replace or delete meanwhile.
  void replacer(std::size_t i, How how, const std::string& content) {
    auto& p = *participants[i];
    const auto row = find_artifact(*p.instance, key(how));
    if (!row) return;
    try {
      auto draft = prepare_replacement(*p.instance, *row, source(how, content + std::to_string(turn)));
      save_artifact(*p.instance, draft);
    } catch (const Error& e) {
      const bool late = e.code() == Code::not_found || e.code() == Code::conflict || e.code() == Code::invalid_argument;
      if (!late) failures_ += p.actor.name + ": " + e.what() + "\n";
    }
  }

  /// Those of a folder's two files, which are equal, once.
  std::string bytes_at(const std::string& place) const {
    const auto found = store->stat(place);
    if (!found) throw Error(Code::not_found, place);
    if (!found->is_folder) return store::text_of(*store->open(place));
    auto x = store::text_of(*store->open(place + "/x"));
    const auto y = store::text_of(*store->open(place + "/y"));
    return x == y ? x : x + " and " + y;
  }

  /// The bytes of a version; nullopt if a later one has replaced them, or it was deleted.
  std::optional<std::string> read(Instance& instance, Actor* actor, const Record& row) const {
    for (int attempt = 0; attempt < 50; ++attempt) {
      try {
        const auto place = lake::readable_place(instance, row);
        if (actor != nullptr) actor->step();
        const auto bytes = bytes_at(place);
        if (lake::readable_place(instance, row) == place) return bytes;
      } catch (const Error& e) {
        if (e.code() == Code::invalid_argument) return std::nullopt;
        if (!instance.database().find(row.table(), row.id())) return std::nullopt;
      }
    }
    return "nothing can be read";
  }

  std::string digest_of(Instance& instance, const Record& row) const {
    const Value id[] = {row.id()};
    auto rows = instance.database().connection().query("SELECT digest FROM lamin_content WHERE artifact_id = ?", id);
    return rows->next() ? std::string(rows->text(0)) : std::string();
  }

  base::FileHash hash_of(const std::string& bytes, const Record& row) const {
    const auto scratch = "scratch" + std::to_string(turn);
    if (row.at("n_files").is_null()) box.write(scratch, bytes);
    else write_folder(scratch, bytes);
    return base::hash_path(box.path(scratch));
  }

  void reader(std::size_t i, How how) {
    auto& p = *participants[i];
    const auto row = find_artifact(*p.instance, key(how));
    if (!row) return;
    const auto wanted = digest_of(*p.instance, *row);
    const auto bytes = read(*p.instance, &p.actor, *row);
    if (bytes && !wanted.empty() && hash_of(*bytes, *row).digest != wanted) failures_ += "read '" + *bytes + "'\n";
  }

  // --- what must hold -----------------------------------------------------------------------------------------------

  bool check(How how, const std::string& story) {
    plain->database().connection().script("UPDATE lamin_intent SET expires_at = 0");  // all living writers have ended
    recover(*plain);
    auto& database = plain->database();
    auto failures = failures_;
    std::set<std::string> places, uids;
    const Query all{.registry = "Artifact",
                    .where = Expr::compare("key", Op::exact, Value(key(how))),
                    .order_by = {"uid"},
                    .any_branch = true};
    for (const auto& row : database.all(all)) {
      uids.insert(std::string(row.uid()));
      const auto bytes = read(*plain, nullptr, row);
      if (!bytes) {
        const bool shared = lake::shares_place(row);
        if (!shared) failures += "cannot be read: " + to_string(row) + "\n";
        continue;
      }
      places.insert(lake::place_of(row));
      const auto hash = hash_of(*bytes, row);
      if (hash.digest != digest_of(*plain, row) || hash.hash != row.text("hash")) {
        failures += std::string(row.uid()) + " reads '" + *bytes + "'\n";
      }
    }
    for (const auto& uid : acknowledged_) {
      const bool deleted =
          std::ranges::any_of(touched_, [&](const auto& t) { return t.substr(0, 16) == uid.substr(0, 16); });
      if (!uids.contains(uid) && !deleted) failures += "lost: " + uid + "\n";
    }
    if (!uids.empty() && places.empty() && touched_.empty()) failures += "no version can be read\n";
    std::set<std::string> found;
    for (const auto& entry : store->list("")) {
      auto place = entry.key;
      if (is_folder(how)) place = place.substr(0, place.rfind('/'));
      found.insert(place);
    }
    for (const auto& place : found) {
      if (!places.contains(place)) failures += "left over: " + place + "\n";
      store->remove(place);
    }
    for (const auto& place : places) {
      if (!found.contains(place)) failures += "not there: " + place + "\n";
    }
    if (testing::scalar(*plain, "SELECT count(*) FROM lamin_intent") != 0) failures += "something is still announced\n";
    EXPECT_EQ(failures, "") << "schedule " << turn << ": " << story;
    return failures.empty();
  }

  using Role = std::function<void()>;

  /// Explores what the roles do together on a key that already has `before` versions.
  Explored explore(How how, int before, const std::vector<Role>& roles, Explorer::Options options) {
    Explorer explorer(options);
    const auto explored = explorer.run([&] {
      ++turn;
      if (turn % 200 == 0) forget_old();
      acknowledged_.clear();
      touched_.clear();
      expired_.clear();
      failures_.clear();
      for (int i = 0; i < before; ++i) save(*plain, how, "v" + std::to_string(i) + "-" + std::to_string(turn));
      Explorer::World world;
      for (std::size_t i = 0; i < roles.size(); ++i) world.actors.emplace_back(&participants[i]->actor, roles[i]);
      world.expire = [&](const Actor& actor) {
        expired_.insert(actor.name);
        expiring_.push_back("test/0/" + actor.name + "/0");
      };
      world.between = [&] {
        if (writer_ != nullptr || expiring_.empty()) return;
        for (const auto& name : std::exchange(expiring_, {})) {
          const Value names[] = {name, name};
          plain->database().connection().execute(
              "UPDATE lamin_intent SET expires_at = 0 WHERE (reaper IS NULL AND owner = ?) OR reaper = ?", names);
        }
      };
      world.holds = [&] {
        for (std::size_t i = 0; i < roles.size(); ++i) {
          const auto& actor = participants[i]->actor;
          if (!actor.error.empty()) failures_ += actor.name + " ended with " + actor.error + "\n";
        }
        return check(how, explorer.story());
      };
      return world;
    });
    std::printf("  %lld schedules, %lld with a death, %lld with an expired lease%s\n",
                static_cast<long long>(explored.schedules), static_cast<long long>(explored.killed),
                static_cast<long long>(explored.expired), explored.whole ? ", all there are" : "");
    return explored;
  }

  // Keeps the database from growing during the search.
  void forget_old() {
    plain->database().connection().script(
        "DELETE FROM lamindb_artifact; DELETE FROM lamin_content; DELETE FROM lamin_file; DELETE FROM lamin_place; "
        "DELETE FROM lamin_uid");
    for (const auto& entry : fs::directory_iterator(box.path(""))) {
      const auto name = entry.path().filename().string();
      if (name != "store" && !name.starts_with(".")) fs::remove_all(entry.path());
    }
  }

 private:
  Actor idle_{"idle"};
  const Actor* writer_ = nullptr;
  std::vector<std::string> acknowledged_;
  std::set<std::string> touched_, expired_;
  std::vector<std::string> expiring_;
  std::string failures_;
};

/// A sixth of the schedules in each run of all tests, sixty times as many in the long tier.
std::int64_t most(std::int64_t usual) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return usual / 20;
#else
  return std::getenv("LAMIN_TEST_LONG") != nullptr ? usual * 10 : usual / 6;
#endif
}

TEST_P(ExchangeModel, TwoWritersOfANewPlace) {
  const auto how = GetParam();
  explore(how, 0, {[&] { saver(0, how, "one"); }, [&] { saver(1, how, "two"); }}, {.most = most(4500)});
}

TEST_P(ExchangeModel, TwoWritersOfAPlaceThatHasVersions) {
  const auto how = GetParam();
  explore(how, 1, {[&] { saver(0, how, "one"); }, [&] { saver(1, how, "two"); }}, {.most = most(4500)});
}

TEST_P(ExchangeModel, AWriterAndAReader) {
  const auto how = GetParam();
  explore(how, 1, {[&] { saver(0, how, "one"); }, [&] { reader(1, how); }}, {.most = most(3000)});
}

TEST_P(ExchangeModel, AWriterAndADeleter) {
  const auto how = GetParam();
  explore(how, 1, {[&] { saver(0, how, "one"); }, [&] { deleter(1, how); }}, {.most = most(5000)});
}

TEST_P(ExchangeModel, AWriterAndARecovery) {
  const auto how = GetParam();
  explore(how, 1, {[&] { saver(0, how, "one"); }, [&] { recover(*participants[1]->instance); }}, {.most = most(3000)});
}

TEST_P(ExchangeModel, TwoWritersAndARecovery) {
  const auto how = GetParam();
  explore(how, 1,
          {[&] { saver(0, how, "one"); }, [&] { saver(1, how, "two"); }, [&] { recover(*participants[2]->instance); }},
          {.preemptions = 1, .most = most(4000)});
}

TEST_P(ExchangeModel, AReplacementAndAWriter) {
  const auto how = GetParam();
  explore(how, 1, {[&] { replacer(0, how, "one"); }, [&] { saver(1, how, "two"); }}, {.most = most(2000)});
}

TEST_P(ExchangeModel, AReplacementAndADeleter) {
  const auto how = GetParam();
  explore(how, 1, {[&] { replacer(0, how, "one"); }, [&] { deleter(1, how); }}, {.most = most(2000)});
}

TEST_P(ExchangeModel, AReplacementAndOneWhoTrashesIt) {
  const auto how = GetParam();
  explore(how, 1, {[&] { replacer(0, how, "one"); }, [&] { trasher(1, how); }}, {.most = most(2000)});
}

TEST_P(ExchangeModel, TwoReplacements) {
  const auto how = GetParam();
  explore(how, 1, {[&] { replacer(0, how, "one"); }, [&] { replacer(1, how, "two"); }}, {.most = most(2000)});
}

TEST_P(ExchangeModel, ThreeWriters) {
  const auto how = GetParam();
  explore(how, 0, {[&] { saver(0, how, "one"); }, [&] { saver(1, how, "two"); }, [&] { saver(2, how, "three"); }},
          {.preemptions = 1, .most = most(4000)});
}

std::string name_of(const ::testing::TestParamInfo<How>& info) {
  switch (info.param) {
    case How::uid: return "uid";
    case How::real_key: return "real_key";
    case How::folder: return "folder";
    case How::real_folder: return "real_folder";
    case How::bucket_folder: return "bucket_folder";
  }
  return {};
}
INSTANTIATE_TEST_SUITE_P(Ways, ExchangeModel,
                         ::testing::Values(How::uid, How::real_key, How::folder, How::real_folder, How::bucket_folder),
                         name_of);

}  // namespace
}  // namespace lamin
