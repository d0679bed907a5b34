import Resilience
import StatusCore
import StatusProviders
import Testing

@Suite("A guarded place as text")
struct GuardedPlaceTests {
    @Test(
        "it is read back as it was, for a provider and for a service",
        arguments: [
            ("https://API.example.com/a/b?c=d", "https://api.example.com", "https://api.example.com/a/b"),
            ("http://localhost:8080", "http://localhost:8080", "http://localhost:8080/"),
            ("https://api.example.com:443/", "https://api.example.com", "https://api.example.com/"),
            ("http://[::1]:9000/health#x", "http://[::1]:9000", "http://[::1]:9000/health"),
            ("https://[2001:db8::1]/a/../b", "https://[2001:db8::1]", "https://[2001:db8::1]/b"),
            ("http://a.example:443/%2e%2E/ü", "http://a.example:443", nil),
        ] as [(String, String, String?)])
    func roundTrip(url: String, origin: String, address: String?) throws {
        let provider = try #require(GuardedPlace(url, of: .provider))
        let service = try #require(GuardedPlace(url, of: .service))
        #expect(provider.description == origin)
        if let address { #expect(service.description == address) }
        for (place, kind) in [(provider, GuardedPlace.Kind.provider), (service, .service)] {
            #expect(GuardedPlace(place.description) == place)
            #expect(place.isPlace(of: kind))
        }
        #expect(!provider.isPlace(of: .service) && !service.isPlace(of: .provider))
    }

    @Test(
        "what no guard has written is no place",
        arguments: [
            "", "/", "api.example.com", "https://", "https:///x", "ftp://a.example", "https://u:p@a.example",
            "https://A.example", "https://a.example:443", "https://a.example/x?y", "https://a.example/x#y",
            "https://a.example/../x", "https://a.example:0", "https://a.example:99999/", " https://a.example",
            "https://a.example\n", "https://a.example/\u{0}", "https://a .example", "https:// ",
            "https://[::1", "https://[zz]/", String(repeating: "a", count: 100_000),
            "https://a.example/" + String(repeating: "a", count: 100_000),
        ])
    func hostile(text: String) {
        #expect(GuardedPlace(text) == nil)
    }

    private static let secret = CredentialReference.environment(name: "TOKEN")

    @Test("a link's places are those that its adapter calls, each once")
    func places() {
        let texts = { (link: Link) in GuardedPlace.places(of: link).map(\.description) }
        let token = Self.secret
        #expect(
            texts(
                Link(target: .github(GitHubTarget(owner: "o", repository: "r", baseURL: "https://ghe.example/api/v3"))))
                == ["https://ghe.example"])
        #expect(
            texts(Link(target: .vercel(VercelTarget(project: "p")), credential: token)) == ["https://api.vercel.com"])
        let sanity = SanityTarget(projectID: "abc")
        #expect(texts(Link(target: .sanity(sanity))) == ["https://abc.api.sanity.io"])
        #expect(
            texts(Link(target: .sanity(sanity), credential: token)) == [
                "https://abc.api.sanity.io", "https://api.sanity.io",
            ])
        let supabase = SupabaseTarget(reference: "abc")
        let key = [SupabaseTarget.projectKey: token]
        #expect(texts(Link(target: .supabase(supabase), credential: token)) == ["https://api.supabase.com"])
        #expect(texts(Link(target: .supabase(supabase), namedCredentials: key)) == ["https://abc.supabase.co"])
        #expect(
            texts(Link(target: .supabase(supabase), credential: token, namedCredentials: key)) == [
                "https://api.supabase.com", "https://abc.supabase.co",
            ])
        let worker = ServiceTarget(
            name: "w", url: "https://w.example/health?deep=1", warmUpURL: "https://w.example/health")
        #expect(texts(Link(target: .service(worker))) == ["https://w.example/health"])
        #expect(texts(Link(target: .service(ServiceTarget(name: "w", url: "nonsense")))) == [])
    }

    @Test("the worst of several places counts, and one whose time is over only holds back what is beside its probe")
    func worst() throws {
        let now = ContinuousClock.now
        let first = try #require(GuardedPlace("https://a.example"))
        let second = try #require(GuardedPlace("https://b.example"))
        let open = { (seconds: Int) in
            CircuitBreaker.State.open(until: now + .seconds(seconds), reason: .failures, openingCount: 1)
        }
        let worst = { GuardStanding.worst(of: [(first, $0), (second, $1)], at: now) }
        #expect(worst(.closed, .closed) == GuardStanding(place: first, state: .closed))
        #expect(worst(.closed, .halfOpen) == GuardStanding(place: second, state: .halfOpen))
        #expect(worst(open(5), .halfOpen) == GuardStanding(place: first, state: open(5)))
        #expect(worst(open(5), open(9)).heldUntil == now + .seconds(9))
        #expect(worst(open(0), .closed) == GuardStanding(place: first, state: .halfOpen))
        #expect(worst(open(0), open(1)).place == second)
        #expect(GuardStanding.worst(of: [], at: now) == GuardStanding(place: nil, state: .closed))
    }
}
