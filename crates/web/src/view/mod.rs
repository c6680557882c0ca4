//! One file a page. Each has a struct of texts that may be shown and a function that draws it.

mod conflict;
mod emergency;
mod erase;
mod error;
mod explain;
mod field;
mod filter;
mod form;
mod home;
mod law;
mod ledger;
mod list;
mod origin;
mod record;
mod reveal;
mod search;
mod sign_in;

pub use conflict::{Conflict, Contested, Kept, conflict};
pub use emergency::{Emergency, emergency};
pub use erase::{Erase, erase};
pub use error::{Problem, problem};
pub use explain::{Explain, Explained, Rule, explain};
pub use field::{Choice, FormField, Input};
pub use filter::{FilterField, FilterForm, FilterInput};
pub use form::{Form, FormGroup, Trouble, form};
pub use home::{Home, Recent, Tile, home};
pub use law::{Law, LawAnswer, Reason, law};
pub use ledger::{Checkpoint, Ledger, Line, Seal, ledger};
pub use list::{Chip, Column, Direction, List, Pager, Row, Switch, SwitchItem, list};
pub use origin::{Evidence, Origin, PurposeChoice};
pub use record::{Detail, Group, Held, PurposeLine, Purposes, Record, Related, RelatedRow, record};
pub use reveal::{Reveal, reveal};
pub use search::{Search, search};
pub use sign_in::{DemoUser, SignIn, SignInTrouble, sign_in};
